"""Nets as layers: what they are made of."""

import pytest

from chainrule.gradcheck.recognition.layers.objects import made_layers
from chainrule.gradcheck.recognition.layers.shapes import LayerShapes
from support.adapters import defined
from support.layers import checked

DENSE = """
class Dense:
    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_in, n_out), np.zeros((1, n_out))
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0, keepdims=True)
        return dout @ self.W.T
class ReLU:
    def forward(self, x):
        self.on = x > 0
        return x * self.on
    def backward(self, dout):
        return dout * self.on
"""
ADDED = """
class Net:
    def __init__(self):
        self.layers = []
    def add(self, layer):
        self.layers.append(layer)
    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x
    def backward(self, dout):
        for layer in self.layers[::-1]:
            dout = layer.backward(dout)
        return dout
"""
SEVERAL = ADDED.replace("def __init__(self):", "def __init__(self, *layers):").replace("[]", "list(layers)")
GIVEN = ADDED.replace("def __init__(self):", "def __init__(self, layers):").replace("= []", "= layers")
WRITTEN = ADDED.replace("[]", "[Dense(12, 9), ReLU(), Dense(9, 2)]")
LISTED = """
class Net:
    def __init__(self, n_in=3, n_hidden=[3, 5], n_out=2):
        sizes = [n_in] + n_hidden + [n_out]
        self.weights = [np.random.rand(a, b) for a, b in zip(sizes, sizes[1:])]
        self.derivatives = [np.zeros((a, b)) for a, b in zip(sizes, sizes[1:])]
    def forward(self, x):
        self.activations = [x]
        for w in self.weights:
            self.activations.append(np.tanh(self.activations[-1] @ w))
        return self.activations[-1]
    def backward(self, error):
        for i in reversed(range(len(self.weights))):
            delta = error * (1 - self.activations[i + 1] ** 2)
            self.derivatives[i] = np.outer(self.activations[i], delta)
            error = delta @ self.weights[i].T
"""
NETS = {"added": ADDED, "several": SEVERAL, "given": GIVEN, "written": WRITTEN}


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("name", NETS)
def test_a_net_is_checked_with_the_layers_that_it_is_given(name, wrong):
    dense = DENSE.replace("dout.sum(axis=0", "dout.mean(axis=0") if wrong else DENSE
    outcome, reading = checked(dense + NETS[name], "Net.forward / Net.backward")
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text
    assert {"layers_0_W", "layers_2_b"} <= {t.name for t in outcome.tensors}


@pytest.mark.parametrize("wrong", [False, True])
def test_sizes_that_are_listed_by_default_are_given_as_a_list(wrong):
    outcome, reading = checked(LISTED.replace("(1 - self", "(2 - self") if wrong else LISTED)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text


WITH_ITS_LOSS = """
class Model:
    def __init__(self, n_in, n_hidden, n_out):
        self.first, self.relu, self.last = Dense(n_in, n_hidden), ReLU(), Dense(n_hidden, n_out)
    def forward(self, x, t):
        self.y, self.t = self.last.forward(self.relu.forward(self.first.forward(x))), t
        return np.mean((self.y - t) ** 2)
    def backward(self):
        d = self.last.backward(2 * (self.y - self.t) / self.t.size)
        self.first.backward(self.relu.backward(d))
"""


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("written", [False, True])
def test_a_net_that_holds_its_loss_is_checked_as_a_whole(wrong, written):
    text = DENSE + WITH_ITS_LOSS
    if written:
        text = text.replace("self, n_in, n_hidden, n_out", "self").replace("n_hidden, n_out", "9, 2")
        text = text.replace("Dense(n_in, n_hidden)", "Dense(4, 9)")
    if wrong:
        text = text.replace("self.relu.backward(d)", "d")
    outcome, reading = checked(text, "Model.forward / Model.backward")
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text
    assert {"first_W", "last_b"} <= {t.name for t in outcome.tensors}


POOL = """
class Pool:
    def __init__(self, stride_shape, pooling_shape):
        self.stride, self.window = stride_shape, pooling_shape
    def windows(self, x):
        (s, t), (h, w) = self.stride, self.window
        for i in range((x.shape[2] - h) // s + 1):
            for j in range((x.shape[3] - w) // t + 1):
                yield (i, j), np.s_[:, :, i * s:i * s + h, j * t:j * t + w]
    def forward(self, x):
        self.x, cells = x, list(self.windows(x))
        last = cells[-1][0]
        out = np.zeros((*x.shape[:2], last[0] + 1, last[1] + 1))
        for (i, j), part in cells:
            out[:, :, i, j] = x[part].mean(axis=(2, 3))
        return out
    def backward(self, dout):
        dx = np.zeros_like(self.x)
        for (i, j), part in self.windows(self.x):
            dx[part] += dout[:, :, i, j, None, None] / np.prod(self.window)
        return dx
"""


@pytest.mark.parametrize("wrong", [False, True])
def test_shapes_of_windows_and_strides_are_pairs(wrong):
    outcome, reading = checked(POOL.replace("dx[part] +=", "dx[part] =") if wrong else POOL)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text
    assert "stride_shape=(2, 2), pooling_shape=(3, 3)" in reading.notes[0]


@pytest.mark.parametrize("wrong", [False, True])
def test_a_shape_of_a_layer_of_images_is_that_of_its_kernels(wrong):
    text = """
class Conv:
    def __init__(self, shape):
        self.W, self.b = np.random.randn(*shape), np.zeros(shape[0])
    def forward(self, x):
        self.x, (_, _, h, w) = x, self.W.shape
        out = np.zeros((len(x), len(self.W), x.shape[2] - h + 1, x.shape[3] - w + 1))
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                out[:, :, i, j] = np.tensordot(x[:, :, i:i + h, j:j + w], self.W, ((1, 2, 3), (1, 2, 3))) + self.b
        return out
    def backward(self, dout):
        (_, _, h, w), dx = self.W.shape, np.zeros_like(self.x)
        self.dW, self.db = np.zeros_like(self.W), dout.sum(axis=(0, 2, 3))
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                part = np.s_[:, :, i:i + h, j:j + w]
                self.dW += np.tensordot(dout[:, :, i, j], self.x[part], ((0,), (0,)))
                dx[part] += np.tensordot(dout[:, :, i, j], self.W, ((1,), (0,)))
        return dx
"""
    outcome, reading = checked(text.replace("self.dW +=", "self.dW =") if wrong else text)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text
    assert "Conv(shape=(4, 3, 3, 3))" in reading.notes[0]


def test_a_letter_or_an_unknown_number_that_a_loss_is_made_with_is_a_part_of_one():
    text = "class Loss:\n    def __init__(self, {0}):\n        self.own = {0}"
    layout = LayerShapes(7, (7, 3), labels="rng.normal(size=(7, 3))")
    for name in ("q", "nosuch"):
        assert next(made_layers("Loss", defined(text.format(name)), layout)).text == f"Loss({name}=0.3)"


LANGUAGE_MODEL = """
class Model:
    def __init__(self, vocab_size, n_embd=4):
        rng = np.random.default_rng(0)
        self.E = rng.normal(size=(vocab_size, n_embd))
        self.W, self.b = rng.normal(size=(n_embd, vocab_size)), np.zeros(vocab_size)
        self.shift = np.zeros(1)
    def forward(self, idx, targets):
        self.idx, self.targets, self.h = idx, targets, self.E[idx]
        z = self.h @ self.W + self.b + self.shift
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        self.p = e / e.sum(axis=-1, keepdims=True)
        B, T = idx.shape
        return -np.log(self.p.reshape(B * T, -1)[np.arange(B * T), targets.reshape(-1)]).mean()
    def backward(self):
        d = self.p.reshape(self.idx.size, -1).copy()
        d[np.arange(len(d)), self.targets.reshape(-1)] -= 1
        d = (d / self.idx.size).reshape(self.p.shape)
        self.dW = np.einsum("btd,btv->dv", self.h, d)
        self.db = d.sum(axis=(0, 1))
        self.dshift = d.sum(keepdims=True).reshape(1)
        self.dE = np.zeros_like(self.E)
        np.add.at(self.dE, self.idx, d @ self.W.T)
"""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("", ""), ("d / self.idx.size", "d / len(self.idx)"), ("d.sum(keepdims=True)", "(d**2).sum()")],
    ids=["right", "another factor", "what the loss does not change with"],
)
def test_a_language_model_gets_as_many_words_as_there_are_and_fewer_samples_later(right, wrong):
    outcome, reading = checked(LANGUAGE_MODEL.replace(right, wrong))
    assert outcome.verdict == ("wrong" if wrong else "right")
    assert "Model(vocab_size=9)" in reading.notes[0]
    assert "data=(idx, targets,)" in reading.text


def test_a_constructor_is_told_how_high_and_wide_images_are_and_how_many_classes_there_are():
    text = "class Net:\n    def __init__(self, height, width, channels, filters, classes): ..."
    first = LayerShapes(2, (2, 3, 4, 6), labels="rng.integers(3, size=2)")
    for layout in (first, first._replace(inputs=(2, 4, 6, 3))):
        made = next(made_layers("Net", defined(text), layout))
        assert made.text == "Net(height=4, width=6, channels=3, filters=4, classes=3)"


def test_sizes_in_other_languages_differ_from_that_of_the_inputs():
    layout = LayerShapes(7, (7, 6), features=(6,))
    text = "class Zelle:\n    def __init__(self, eingang, groesse): ..."
    assert next(made_layers("Zelle", defined(text), layout)).text == "Zelle(eingang=6, groesse=5)"


GATE = """
class Gate:
    def __init__(self, hidden_dim, rng=None):
        self.W, self.b = np.random.randn(hidden_dim, hidden_dim), np.zeros(hidden_dim)
    def forward(self, x):
        self.x, self.a = x, np.tanh(x @ self.W + self.b)
        return x * self.a
    def backward(self, dout):
        dz = dout * self.x * (1 - self.a ** 2)
        self.dW, self.db = self.x.T @ dz, dz.sum(axis=0)
        return dout * self.a + dz @ self.W.T
"""
SQUARE = """
class Conv:
    def __init__(self, input_shape, number_of_output_channels, filter_dimension):
        (channels, height, width), k = input_shape, filter_dimension
        self.k, self.n = k, height - k + 1
        self.W = np.random.randn(number_of_output_channels, channels, k, k)
    def forward(self, x):
        assert x.shape[1] == x.shape[2]
        self.x, rows = x, range(self.n)
        windows = [[x[:, i:i + self.k, j:j + self.k] for j in rows] for i in rows]
        return np.einsum("ijckl,fckl->fij", np.array(windows), self.W)
    def backward(self, dout):
        self.dW, dx = np.zeros_like(self.W), np.zeros_like(self.x)
        for i in range(self.n):
            for j in range(self.n):
                window = self.x[:, i:i + self.k, j:j + self.k]
                self.dW += dout[:, i, j][:, None, None, None] * window
                dx[:, i:i + self.k, j:j + self.k] += np.tensordot(dout[:, i, j], self.W, 1)
        return dx
"""


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize(
    ("text", "part"), [(GATE, "dout * self.a + "), (SQUARE, "np.tensordot(dout[:, i, j], self.W, 1)")]
)
def test_the_only_size_of_a_layer_is_that_of_its_inputs_too_and_images_may_be_square(text, part, wrong):
    outcome, reading = checked(
        text.replace(part, "" if part.endswith("+ ") else f"2 * {part}") if wrong else text
    )
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text


POOL_OF_SHAPE = """
class Pool:
    def __init__(self, shape):
        self.shape = shape
    def forward(self, x):
        self.x, (n, h, w, c), (a, b) = x, x.shape, self.shape
        return x.reshape(n, h // a, a, w // b, b, c).max(axis=(2, 4))
    def backward(self, d):
        big = lambda v: np.repeat(np.repeat(v, self.shape[0], axis=1), self.shape[1], axis=2)
        return big(d) * (self.x == big(self.forward(self.x)))
"""
DROPOUT = """
class Dropout:
    def __init__(self, prob):
        self.prob = prob
    def feedforward(self, x, training=False, save_cache=False):
        mask = np.random.random(x.shape) > self.prob
        if save_cache:
            self.mask = mask
        return x * mask
    def backforward(self, d):
        return d * self.mask
"""


@pytest.mark.parametrize(("text", "part"), [(POOL_OF_SHAPE, "return big(d)"), (DROPOUT, "return d")])
def test_shapes_of_windows_probabilities_and_what_has_a_pass_keep_what_it_needs(text, part):
    assert checked(text)[0].right
    assert checked(text.replace(part, part.replace("return ", "return 2 * ")))[0].verdict == "wrong"


FOR_PADDED_IMAGES = """
class Conv:
    def __init__(self, filters, kernel_shape=(3, 3), padding="valid"):
        self.params = {"filters": filters, "padding": padding, "kernel_shape": kernel_shape}
        self.cache, self.grads = {}, {}
    def forward_propagate(self, X, save_cache=False):
        n, h, w, c = X.shape
        a, b = self.params["kernel_shape"]
        if "W" not in self.params:
            self.params["W"] = np.random.randn(a, b, c, self.params["filters"])
            self.params["b"] = np.zeros((1, 1, 1, self.params["filters"]))
        pad = (a - 1) // 2 if self.params["padding"] == "same" else 0
        self.params["pad"] = pad
        if save_cache:
            self.cache["A"] = X
        X = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
        out = np.zeros((n, X.shape[1] - a + 1, X.shape[2] - b + 1, self.params["filters"]))
        for i in range(out.shape[1]):
            for j in range(out.shape[2]):
                out[:, i, j] = np.tensordot(X[:, i:i + a, j:j + b], self.params["W"], 3)
        return out + self.params["b"]
    def back_propagate(self, dZ):
        A, pad = self.cache["A"], self.params["pad"]
        a, b = self.params["kernel_shape"]
        X = np.pad(A, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
        dX, dW = np.zeros_like(X), np.zeros_like(self.params["W"])
        for i in range(A.shape[1]):
            for j in range(A.shape[2]):
                dW += np.tensordot(X[:, i:i + a, j:j + b], dZ[:, i, j], (0, 0))
                dX[:, i:i + a, j:j + b] += np.tensordot(dZ[:, i, j], self.params["W"], (1, 3))
        self.grads = {"dW": dW, "db": dZ.sum(axis=(0, 1, 2), keepdims=True)}
        return dX[:, pad:-pad, pad:-pad]
"""


def test_a_convolution_whose_backward_pass_is_for_padded_images_alone_gets_such():
    outcome, reading = checked(FOR_PADDED_IMAGES)
    assert outcome.right
    assert "padding='same'" in reading.notes[0]
    assert checked(FOR_PADDED_IMAGES.replace("dW += np", "dW = np"))[0].verdict == "wrong"


HEADS = """
class Heads:
    def __init__(self, dim=None, query_heads=None, inner_dim=512):
        self.part = dim // query_heads
        self.V, self.W = np.random.randn(dim, inner_dim), np.random.randn(inner_dim, dim)
    def forward(self, x):
        self.x, self.h = x, x @ self.V
        return self.h @ self.W
    def backward(self, g):
        dh = g @ self.W.T
        self.dW, self.dV = self.h.T @ g, self.x.T @ dh
        return dh @ self.V.T
"""


def test_sizes_that_are_none_or_large_by_default_are_small():
    outcome, reading = checked(HEADS)
    assert outcome.right
    assert "query_heads=2, inner_dim=8" in reading.notes[0]


def test_words_have_numbers_in_a_dictionary():
    text = (
        "class Captions:\n    def __init__(self, word_to_idx):\n        self.start = word_to_idx['<START>']\n"
    )
    made = next(made_layers("Captions", defined(text), LayerShapes(7, (7, 6))))
    assert "'<START>': 0, 'word 0': 1" in made.text
