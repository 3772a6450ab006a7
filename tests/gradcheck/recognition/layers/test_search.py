"""Which of the adapters of a layer fits it best."""

import pytest

from support.layers import checked, read

TABLE = """
class Lookup:
    def __init__(self, num_embeddings, dim):
        self.weight = np.random.randn(num_embeddings, dim)
    def forward(self, idx):
        self.idx = idx
        return self.weight[idx]
    def backward(self, dout):
        g = np.zeros_like(self.weight)
        for row, d in zip(self.idx.ravel(), dout.reshape(-1, dout.shape[-1])):
            g[row] += d
        self.grad = g
"""


def test_what_is_called_grad_and_has_the_shape_of_the_only_parameter_is_its_gradient():
    assert checked(TABLE)[0].right
    assert checked(TABLE.replace("+= d", "= d"))[0].verdict == "wrong"


def test_a_single_index_excuses_nothing():
    (reading,), _ = read(TABLE.replace("self.grad = g", "self.slope = g").replace("+= d", "= d"))
    assert not reading.text
    assert "shapes" in reading.why


RECURRENT = """
def rnn_forward(p, x, h0):
    h, hs, cache = h0, [], []
    for xt in x:
        cache.append((xt, h))
        h = np.tanh(xt @ p["Wx"] + h @ p["Wh"] + p["b"])
        hs.append(h)
    return np.array(hs), cache

def rnn_backward(p, dhs, cache):
    g = {k: np.zeros_like(v) for k, v in p.items()}
    dh = np.zeros_like(dhs[0])
    for t in range(len(cache) - 1, -1, -1):
        xt, h = cache[t]
        z = xt @ p["Wx"] + h @ p["Wh"] + p["b"]
        dz = (dh + dhs[t]) * (1 - np.tanh(z) ** 2)
        g["Wx"] += xt.T @ dz
        g["Wh"] += h.T @ dz
        g["b"] += dz.sum(axis=0)
        dh = dz @ p["Wh"].T
    return g, dh
"""


def test_the_inputs_of_a_recurrent_net_may_be_data_that_need_no_gradient():
    outcome, reading = checked(RECURRENT)
    assert outcome.right
    assert any("no gradient of x" in note for note in reading.notes)
    assert not reading.unchecked


LOOKUP = """
def lookup_forward(words, E):
    return E[words], (words, E.shape)

def lookup_backward(dout, cache):
    words, shape = cache
    dE = np.zeros(shape)
    np.add.at(dE, words, dout)
    return dE
"""


def test_where_several_indices_convict_a_single_one_does_not_excuse():
    assert checked(LOOKUP)[0].right
    assert checked(LOOKUP.replace("np.add.at(dE, words, dout)", "dE[words] += dout"))[0].verdict == "wrong"


OBSERVED = """
def objective(W, b, left, seen):
    'left (N, D), W (D, H), seen (N, H)'
    return 0.5 * np.sum((seen * (left @ W)) ** 2) + np.sum(b ** 2)

def gradient(W, b, left, seen):
    dW = left.T @ (seen * (left @ W))
    db = 2 * b
    return dW, db
"""


def test_what_agrees_with_zeros_and_ones_alone_is_not_wrong():
    # With any shape: what runs first would be called wrong at once.
    (reading,), _ = read(OBSERVED, seconds=0.3)
    assert not reading.text
    assert checked(OBSERVED.replace("dW = left.T", "dW = -left.T"))[0].verdict == "wrong"


STEPS = """
class Cell:
    def __init__(self, n_in, n_hid):
        self.Wx, self.Wh, self.n = np.random.randn(n_hid, n_in), np.random.randn(n_hid, n_hid), n_hid
    def run(self, xs):
        h, self.tape, hs = np.zeros((self.n, 1)), [], []
        for x in xs:
            self.tape.append((x, h))
            h = np.tanh(self.Wx @ x + self.Wh @ h)
            hs.append(h)
        self.tape.append((None, h))
        return hs
    def run_back(self, dhs):
        d = {"Wx": np.zeros_like(self.Wx), "Wh": np.zeros_like(self.Wh)}
        dh, after = 0, self.tape.pop()[1]
        for g in reversed(dhs):
            x, h = self.tape.pop()
            da = (dh + g) * (1 - after ** 2)
            d["Wx"] += da @ x.T
            d["Wh"] += da @ h.T
            dh, after = self.Wh.T @ da, h
        return d
"""


def test_a_list_of_what_each_step_puts_out_is_one_output():
    outcome, reading = checked(STEPS)
    assert outcome.right
    assert not reading.unchecked
    assert checked(STEPS.replace("(dh + g)", "g"))[0].verdict == "wrong"


OVER_TIME = """
class Recurrent:
    def __init__(self, n_in, n_hidden):
        self.Wx, self.Wh = np.random.randn(n_in, n_hidden) / 2, np.random.randn(n_hidden, n_hidden) / 2
    def forward(self, x):
        self.x, self.h = x, np.zeros((len(x), x.shape[1] + 1, len(self.Wh)))
        for t in range(x.shape[1]):
            self.h[:, t] = np.tanh(x[:, t] @ self.Wx + self.h[:, t - 1] @ self.Wh)
        return self.h[:, :-1]
    def backward(self, dh):
        dx, later = np.zeros_like(self.x), 0
        self.dWx, self.dWh = np.zeros_like(self.Wx), np.zeros_like(self.Wh)
        for t in range(dh.shape[1])[::-1]:
            da = (dh[:, t] + later) * (1 - self.h[:, t] ** 2)
            self.dWx += self.x[:, t].T @ da
            self.dWh += self.h[:, t - 1].T @ da
            dx[:, t] = da @ self.Wx.T
            later = da @ self.Wh.T
            np.clip(later, -1, 1, out=later)
        return dx
"""


@pytest.mark.parametrize(
    "clipped",
    [
        "np.clip(later, -1, 1, out=later)",
        "later *= min(1, 0.5 / np.linalg.norm(later))",
        "self.dWx, self.dWh = (np.clip(g, -2, 2) for g in (self.dWx, self.dWh))",
    ],
)
def test_a_backward_pass_that_clips_is_right_where_it_does_not(clipped):
    text = OVER_TIME.replace("np.clip(later, -1, 1, out=later)", clipped)
    (reading,), _ = read(text)
    assert any("not in proportion" in note for note in reading.notes)
    assert checked(text)[0].right
    assert checked(text.replace("self.h[:, t - 1].T", "self.h[:, t].T"))[0].verdict == "wrong"


UNUSED_BIAS = """
class Scale:
    def __init__(self, n_in):
        self.W, self.b = np.random.randn(n_in), np.zeros(n_in)
    def forward(self, x):
        self.x = x
        return x * self.W
    def backward(self, dout, lr):
        dx = dout * self.W
        self.W = self.W - lr * (dout * self.x).sum(axis=0)
        self.b = self.b - lr * dout.sum(axis=0)
        return dx
"""


def test_a_parameter_with_which_the_output_does_not_change_keeps_nothing_else_from_being_checked():
    outcome, reading = checked(UNUSED_BIAS)
    assert outcome.right
    assert {tensor.name for tensor in outcome.tensors} == {"x", "W"}
    assert reading.unchecked == ("the gradient of b",)
    assert any("the same whatever b may be" in note for note in reading.notes)
    assert checked(UNUSED_BIAS.replace("dx = dout", "dx = 2 * dout"))[0].verdict == "wrong"


MEANS = """
class Linear:
    def __init__(self, SHAPE):
        self.W, self.b = np.random.randn(*size), np.zeros(size[-1])
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, eta):
        n = eta.shape[0]
        self.dW, self.db = self.x.T @ eta / n, eta.sum(axis=0) / n
        return eta @ self.W.T
"""


@pytest.mark.parametrize("asked", [("shape", "shape"), ("ins, outs", "(ins, outs)")])
def test_gradients_of_parameters_may_be_means_whatever_the_layer_asks_for(asked):
    text = MEANS.replace("SHAPE", asked[0]).replace("size", asked[1])
    outcome, reading = checked(text)
    assert outcome.right
    assert any("are means over the 7 samples" in note for note in reading.notes)
    assert not any("are not right" in note for note in reading.notes)
    assert checked(text.replace("eta.shape[0]", "eta.shape[1]"))[0].verdict == "wrong"


CUT = """
class Conv2D:
    def __init__(self, in_channels, out_channels, kernel_size=2, padding=0):
        self.p, self.k = padding, kernel_size
        self.weight = np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
    def parts(self, x):
        h, w = x.shape[2] - self.k + 1, x.shape[3] - self.k + 1
        return [(i, j, x[:, :, i:i + h, j:j + w]) for i in range(self.k) for j in range(self.k)]
    def forward(self, x):
        p = self.p
        self.x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        return sum(np.einsum("nchw,oc->nohw", at, self.weight[:, :, i, j]) for i, j, at in self.parts(self.x))
    def backward(self, dout):
        dx, self.dw, p = np.zeros_like(self.x), np.zeros_like(self.weight), self.p
        for (i, j, at), (_, _, back) in zip(self.parts(self.x), self.parts(dx)):
            self.dw[:, :, i, j] = np.einsum("nchw,nohw->oc", at, dout)
            back += np.einsum("nohw,oc->nchw", dout, self.weight[:, :, i, j])
        self.dx = dx[:, :, p:-p, p:-p]
"""


def test_inputs_whose_gradient_is_cut_to_nothing_are_no_whole_numbers():
    # With these nothing would be said of a gradient that is wrong with a padding of 0.
    outcome, _ = checked(CUT)
    assert outcome.verdict == "wrong"
    assert checked(CUT.replace("p:-p, p:-p", "p:dx.shape[2] - p, p:dx.shape[3] - p"))[0].right


AFFINE = """
def affine_forward(x, w, b):
    return x @ w + b, (x, w)
def affine_backward(d, cache):
    x, w = cache
    return d @ w.T, x.T @ d, d.sum(axis=0)
"""


@pytest.mark.parametrize("axis", ["axis=1", "axis=1, keepdims=True", ""])
def test_a_bias_of_one_number_alone_excuses_nothing(axis):
    assert checked(AFFINE)[0].right
    ((reading,), _) = read(AFFINE.replace("axis=0", axis))
    assert "one number for b alone" in reading.why


FILLED = """
def scale_forward(x, w):
    return x * w, (x, w)

def scale_backward(dout, cache):
    x, w = cache
    dx, dw = None, np.zeros_like(w)
    dw[...] = (dout * x).sum(axis=0)
    return dx, dw
"""


def test_a_vector_for_inputs_convicts_nothing_that_is_right_for_several_samples():
    outcome, reading = checked(FILLED)
    assert outcome.right
    assert any("x (7, 6), w (6,)" in note for note in reading.notes)
    assert checked(FILLED.replace("(dout * x)", "2 * (dout * x)"))[0].verdict == "wrong"


def test_a_mean_that_is_the_only_gradient_is_asked_about():
    alone = """
def affine_forward(x, w, b):
    return x @ w + b, (x, w)

def affine_backward(dout, cache):
    x, w = cache
    return None, {}, dout.mean(axis=0)
"""
    (reading,), _ = read(alone.format(None))
    assert not reading.text
    assert "mean" in reading.why
    assert checked(alone.format("x.T @ dout / len(x)"))[0].right


def test_what_agrees_for_one_sample_alone_is_not_told_by_shapes():
    text = """
class Centred:
    def forward(self, x):
        return x - x.mean(axis=0)
    def backward(self, d):
        n = d.shape[-1]
        return d - d.sum(axis=0) / n, d.mean(), d.sum()
"""
    (reading,), _ = read(text)
    assert not reading.text
    assert "one sample alone" in reading.why
