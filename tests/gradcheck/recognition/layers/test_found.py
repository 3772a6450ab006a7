"""Layers in no usual layout: states, several outputs, attention, optional arguments, modes."""

import numpy as np
import pytest

from chainrule.gradcheck.check import check
from chainrule.gradcheck.recognition import adapter
from chainrule.gradcheck.recognition.layers import found, groups
from support.layers import checked, read

LSTM = """
def sigma(z): return 1 / (1 + np.exp(-z))
def cell_forward(x, prev_h, prev_c, Wx, Wh, b):
    z = x.dot(Wx) + prev_h.dot(Wh) + b
    i, f, o, u = np.split(z, 4, axis=1)
    i, f, o, u = sigma(i), sigma(f), sigma(o), np.tanh(u)
    next_c = f * prev_c + i * u
    t = np.tanh(next_c)
    return o * t, next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, u, t)
def cell_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, o, u, t = cache
    dc = dnext_c + dnext_h * o * (1 - t ** 2)
    dz = np.hstack([dc * u * i * (1 - i), dc * prev_c * f * (1 - f), dnext_h * t * o * (1 - o), dc * i * (1 - u ** 2)])
    return dz @ Wx.T, dz @ Wh.T, dc * f, x.T @ dz, prev_h.T @ dz, dz.sum(axis=0)
"""

RECURRENT = """
class Recurrent:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(p) for p in self.params]
    def forward(self, xs, h0):
        Wx, Wh, b = self.params
        T, N, _ = xs.shape
        hs, h = np.zeros((T, N, Wh.shape[0])), h0
        for t in range(T):
            h = np.tanh(xs[t] @ Wx + h @ Wh + b)
            hs[t] = h
        self.saved = xs, h0, hs
        return hs
    def backward(self, dhs):
        Wx, Wh, b = self.params
        xs, h0, hs = self.saved
        dxs, dh = np.zeros_like(xs), np.zeros_like(h0)
        for g in self.grads: g[...] = 0
        for t in range(len(xs) - 1, -1, -1):
            da = (dhs[t] + dh) * (1 - hs[t] ** 2)
            self.grads[0] += xs[t].T @ da
            self.grads[1] += (hs[t - 1] if t else h0).T @ da
            self.grads[2] += da.sum(axis=0)
            dxs[t], dh = da @ Wx.T, da @ Wh.T
        return dxs, dh
"""

ATTENTION = """
def attend_forward(q, k, v, mask=None):
    s = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    if mask is not None: s = np.where(mask, s, -1e9)
    a = np.exp(s - s.max(axis=-1, keepdims=True))
    a /= a.sum(axis=-1, keepdims=True)
    return a @ v, (q, k, v, a)
def attend_backward(dout, cache):
    q, k, v, a = cache
    da = dout @ v.transpose(0, 2, 1)
    ds = a * (da - (da * a).sum(axis=-1, keepdims=True)) / np.sqrt(q.shape[-1])
    return ds @ k, ds.transpose(0, 2, 1) @ q, a.transpose(0, 2, 1) @ dout
"""

MASKED_LOSS = """
def sequence_loss(x, y, mask):
    N, T, V = x.shape
    p = np.exp(x - x.max(axis=2, keepdims=True))
    p /= p.sum(axis=2, keepdims=True)
    n, t = np.ogrid[:N, :T]
    loss = -np.sum(mask * np.log(p[n, t, y])) / N
    p[n, t, y] -= 1
    return loss, p * mask[:, :, None] / N
"""

SOFTPLUS = """
def softplus(x): return np.log1p(np.exp(x))
def softplus_grad(dout, x): return dout / (1 + np.exp(-x))
"""

DICTIONARY = """
def gated_forward(x, h_prev, params):
    z = 1 / (1 + np.exp(-(x @ params["Wz"] + h_prev @ params["Uz"] + params["bz"])))
    return (1 - z) * h_prev + z * np.tanh(x @ params["Wn"]), (x, h_prev, z, params)
def gated_backward(dh, cache):
    x, h_prev, z, p = cache
    n = np.tanh(x @ p["Wn"])
    dz, dn = dh * (n - h_prev) * z * (1 - z), dh * z * (1 - n ** 2)
    grads = {"Wz": x.T @ dz, "Uz": h_prev.T @ dz, "bz": dz.sum(0), "Wn": x.T @ dn}
    return dz @ p["Wz"].T + dn @ p["Wn"].T, dh * (1 - z) + dz @ p["Uz"].T, grads
"""

LAYERS = {
    "a step with two upstream gradients": (LSTM, "dc * f, x", "dc * i, x"),
    "a sequence, parameters handed in": (RECURRENT, "(dhs[t] + dh)", "(dhs[t])"),
    "attention": (
        ATTENTION,
        "- (da * a).sum(axis=-1, keepdims=True)",
        "- (da * a).sum(axis=1, keepdims=True)",
    ),
    "a gradient of a function's name": (SOFTPLUS, "np.exp(-x))", "np.exp(x))"),
    "a dictionary of weights": (DICTIONARY, "dh * (1 - z) + dz", "dh * (1 - z) - dz"),
}


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_whose_shapes_are_found_is_right_or_wrong(name, wrong):
    text, right_part, wrong_part = LAYERS[name]
    assert text.count(right_part) == 1
    outcome, reading = checked(text.replace(right_part, wrong_part) if wrong else text)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text


def test_an_upstream_gradient_is_drawn_for_every_output():
    _, reading = checked(LSTM)
    assert "vdot(R, out[1]) + np.vdot(R2, out[0])" in reading.text
    assert any("times R and R2" in note for note in reading.notes)


def test_a_gradient_that_leaves_out_the_mask_of_its_loss_is_wrong():
    assert checked(MASKED_LOSS)[0].right
    assert checked(MASKED_LOSS.replace("p * mask[:, :, None] / N", "p / N"))[0].verdict == "wrong"


def test_the_other_mode_of_an_object_is_tried_as_well():
    text = """
class Drop:
    def __init__(self):
        self.training = True
    def forward(self, x):
        self.mask = np.random.rand(*x.shape) < 0.6
        return x * self.mask / 0.6 if self.training else 1.0 * x
    def backward(self, dout):
        if not self.training: return 0.6 * dout
        return dout * self.mask / 0.6
"""
    (reading,), namespace = read(text)
    (variant,) = reading.variants
    assert (variant.value, variant.convicts) == ("False", True)
    program = adapter.declared(variant.text, namespace, np.random.default_rng(0))
    assert check(program, explained=False).verdict == "wrong"


def test_what_was_not_handed_over_is_guessed_and_convicts_nobody():
    text = """
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
def softmax_backward(dout, p): return p * (dout - (dout * p).sum(axis=1, keepdims=True))
"""
    assert checked(text)[0].right
    (reading,), _ = read(text.replace("p * (dout -", "2 * p * (dout -"))
    assert not reading.text


BOTH_GIVEN = """
import numpy as np

def brier(w, b, X, y):
    a = 1 / (1 + np.exp(-(X @ w + b)))
    cost = np.mean((a - y) ** 2)
    dz = 2 * (a - y) * a * (1 - a) / len(y)
    return cost, {"dw": X.T @ dz, "db": dz.sum()}
"""

WORDS = """
import numpy as np

def words(W_in, W_out, centers, negatives):
    v, u = W_in[centers], W_out[negatives]
    score = np.einsum("bd,bkd->bk", v, u)
    loss = np.logaddexp(0, score).sum() / len(centers)
    d = 1 / (1 + np.exp(-score)) / len(centers)
    grads = {"in": np.zeros_like(W_in), "out": np.zeros_like(W_out)}
    np.add.at(grads["in"], centers, np.einsum("bk,bkd->bd", d, u))
    np.add.at(grads["out"], negatives, d[:, :, None] * v[:, None])
    return loss, grads
"""


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (BOTH_GIVEN, "dz.sum()", "dz.mean()"),
        (WORDS, 'np.add.at(grads["out"], negatives, ', 'grads["out"][negatives] += ('),
    ],
)
def test_a_loss_with_its_gradients_is_checked(text, right, wrong):
    assert checked(text)[0].right
    assert checked(text.replace(right, wrong))[0].verdict == "wrong"


def test_where_no_gradient_of_a_loss_agrees_its_arrays_may_be_others():
    every, _ = read(BOTH_GIVEN.replace("dz = 2", "dz = 3"))
    assert [reading.text for reading in every] == [""]
    assert "found by trying" in every[0].why


def test_attention_over_several_samples_is_found():
    text = """
import numpy as np

def attend(s, h, Wa, Ua, va):
    u = np.tanh((s @ Wa)[:, None, :] + h @ Ua)
    e = np.exp(u @ va)
    alpha = e / e.sum(axis=1, keepdims=True)
    return (alpha[:, :, None] * h).sum(axis=1), (s, h, Wa, Ua, va, u, alpha)

def attend_grad(dout, cache):
    s, h, Wa, Ua, va, u, alpha = cache
    E, A = Ua.shape
    dalpha = (h * dout[:, None, :]).sum(axis=2)
    de = alpha * (dalpha - (alpha * dalpha).sum(axis=1, keepdims=True))
    dpre = de[:, :, None] * va * (1 - u ** 2)
    dproj = dpre.sum(axis=1)
    dUa = h.reshape(-1, E).T @ dpre.reshape(-1, A)
    return {"s": dproj @ Wa.T, "h": alpha[:, :, None] * dout[:, None, :] + dpre @ Ua.T, "Wa": s.T @ dproj,
            "Ua": dUa, "va": np.tensordot(de, u, axes=([0, 1], [0, 1]))}
"""
    outcome, reading = checked(text, seconds=60.0)
    assert outcome.right
    assert "h (2, 7, 5)" in reading.notes[0]
    assert not reading.unchecked
    wrong, _ = checked(text.replace("dpre.sum(axis=1)", "dpre.mean(axis=1)"), seconds=60.0)
    assert wrong.verdict == "wrong"


def test_what_is_right_for_one_sample_is_not_checked_with_several_that_were_not_tried_in_time(monkeypatch):
    text = """
def attend_forward(query, keys, W):
    scores = keys @ (W @ query)
    weights = np.exp(scores) / np.sum(np.exp(scores))
    return weights @ keys, (query, keys, W, weights)

def attend_backward(dout, cache):
    query, keys, W, weights = cache
    dweights = keys @ dout
    dscores = weights * (dweights - weights @ dweights)
    dkeys = np.outer(weights, dout) + np.outer(dscores, W @ query)
    return W.T @ (keys.T @ dscores), dkeys, np.outer(keys.T @ dscores, query)
"""
    assert not checked(text)[1].unchecked
    ran = found.found_plans

    def in_no_time(*given, single):
        if not single:
            raise found.NoTimeLeftError
        yield from ran(*given, single=single)

    monkeypatch.setattr(groups, "found_plans", in_no_time)
    outcome, reading = checked(text)
    assert outcome.right
    assert reading.unchecked == ("several samples: there was no time left to try them",)
    (wrong,) = read(text.replace(" np.outer(keys", " 2 * np.outer(keys"))[0]
    assert wrong.why == "there was no time left to try it with several samples"


MARGIN = """
import numpy as np

def triplet(anchor, pos, neg, lam):
    dp, dn = anchor - pos, anchor - neg
    loss = np.mean((dp ** 2).sum(1) - (dn ** 3).sum(1)) + lam * np.sum(pos ** 2)
    danchor = (2 * dp - 3 * dn ** 2) / len(anchor)
    dpos = -2 * dp / len(anchor) + 2 * lam * pos
    dneg = 3 * dn ** 2 / len(anchor)
    return loss, (danchor, dpos, dneg)
"""


def test_what_has_a_gradient_is_an_array_whatever_its_name():
    outcome, reading = checked(MARGIN)
    assert outcome.right
    assert "neg (7, 6)" in reading.notes[0]
    assert checked(MARGIN.replace("dneg = 3", "dneg = 2"))[0].verdict == "wrong"
    gains = "def scaled_forward(x, g):\n    return x * g, (x, g)\n"
    gains += (
        "def scaled_backward(dy, cache):\n    x, g = cache\n    dg = (dy * x).sum(0)\n    return dy * g, dg\n"
    )
    assert "g_ (6,)" in checked(gains)[1].notes[0]


def test_a_penalty_counts_where_the_loss_holds_it():
    for text, verdict in ((MARGIN, True), (MARGIN.replace("2 * lam * pos", "lam * pos"), False)):
        (reading,), namespace = read(text)
        (variant,) = [v for v in reading.variants if v.varied == "lam of {}"]
        program = adapter.declared(variant.text, namespace, np.random.default_rng(0))
        assert check(program, explained=False).right is verdict


def test_a_clipped_gradient_cannot_be_told():
    text = """
import numpy as np

def cubes(A, c, X):
    h = (X @ A) ** 3 + c
    loss = 2 * np.sum(h ** 2)
    dA = X.T @ (12 * h * (X @ A) ** 2)
    dc = (4 * h).sum(0)
    for d in (dA, dc):
        np.clip(d, -5, 5, out=d)
    return loss, dA, dc
"""
    (reading,), _ = read(text)
    assert "clipped to [-5, 5]" in reading.why


def test_a_margin_that_no_distance_is_under_is_tried_as_a_wider_one():
    text = """
import numpy as np

def apart(a, b, margin=1.0):
    dist = np.sqrt(((a - b) ** 2).sum(axis=1))
    gap = np.maximum(0, margin - dist)
    loss = (gap ** 2).mean() + 0.5 * (a ** 2).sum()
    da = -2 * (gap / dist / len(a))[:, None] * (a - b) + a
    return loss, da
"""
    for changed, verdict in ((text, "right"), (text.replace("da = -2", "da = 2"), "wrong")):
        (reading,), namespace = read(changed)
        variants = {v.value: v.text for v in reading.variants}
        program = adapter.declared(variants["3.0"], namespace, np.random.default_rng(0))
        assert check(program, explained=False).verdict == verdict


def test_a_loss_of_scores_whose_gradient_has_no_name_is_checked_with_its_flags():
    text = """
import numpy as np

def hinge_loss(x, y, squared=False):
    rows = np.arange(len(x))
    m = np.maximum(0, x - x[rows, y][:, None] + 1)
    m[rows, y] = 0
    loss, dx = (np.mean(m ** 2), 2 * m) if squared else (np.mean(m), (m > 0) * 1.0)
    dx[rows, y] -= dx.sum(axis=1)
    return loss, dx / m.size
"""
    for changed, right in ((text, True), (text.replace("2 * m)", "m.copy())"), False)):
        (reading,), namespace = read(changed)
        (variant,) = reading.variants
        program = adapter.declared(variant.text, namespace, np.random.default_rng(0))
        assert check(program, explained=False).right is right


CELL = """
class Cell:
    def __init__(self, in_dim, hidden_dim):
        self.U, self.V = np.random.randn(hidden_dim, in_dim), np.random.randn(hidden_dim, hidden_dim)
    def forward(self, x, h):
        self.x, self.h = x.reshape(-1, 1), h.reshape(-1, 1)
        self.a = np.tanh(self.U @ self.x + self.V @ self.h)
        return self.a.ravel()
    def backward(self, delta):
        d = delta.T * (1 - self.a ** 2)
        self.dU, self.dV = d @ self.x.T, d @ self.h.T
        return (self.U.T @ d).T, (self.V.T @ d).T
"""


@pytest.mark.parametrize("wrong", [False, True])
def test_a_cell_of_vectors_may_get_its_upstream_gradient_as_a_row(wrong):
    outcome, reading = checked(CELL.replace("d @ self.h.T", "d @ self.a.T") if wrong else CELL)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text


def test_the_tries_end_where_no_shape_can_help():
    (reading,), _ = read(CELL.replace("np.tanh", "np.tangens"))
    assert "has no attribute 'tangens'" in reading.why


WORD = """
def naive_softmax(centerWordVec, outsideWordIdx, outsideVectors, dataset):
    e = np.exp(outsideVectors @ centerWordVec)
    p = e / e.sum()
    loss = -np.log(p[outsideWordIdx])
    d = p.copy()
    d[outsideWordIdx] -= 1
    gradCenterVec = outsideVectors.T @ d
    gradOutsideVecs = np.outer(d, centerWordVec)
    return loss, gradCenterVec, gradOutsideVecs
"""


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("index", ["outsideWordIdx", "target"])
def test_the_loss_of_a_word_takes_its_index_and_leaves_what_it_never_reads(index, wrong):
    text = WORD.replace("outsideWordIdx", index)
    outcome, reading = checked(text.replace("np.outer(d, c", "2 * np.outer(d, c") if wrong else text)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text
    assert {t.name for t in outcome.tensors} == {"centerWordVec", "outsideVectors"}


def test_the_label_of_a_single_sample_is_an_index_and_nothing_else():
    text = """
def focal(z, t, gamma):
    p = 1 / (1 + np.exp(-z))
    loss = -np.mean(t * (1 - p) ** gamma * np.log(p) + (1 - t) * p**gamma * np.log(1 - p))
    dz = (p - t) / z.size
    return loss, dz
"""
    assert not any(reading.text for reading in read(text)[0])


def test_what_the_backward_pass_raises_says_more_than_shapes_with_which_the_forward_pass_does_not_run():
    text = """
class Cross:
    def __init__(self, width):
        self.W = np.random.randn(width, width)
    def forward(self, x, context):
        (self.n, self.t, _), (_, self.s, _) = x.shape, context.shape
        return x @ self.W @ context.transpose(0, 2, 1)
    def backward(self, dout):
        raise IndexError("no such head")
"""
    (reading,), _ = read(text)
    assert "no such head" in reading.why


WORD_VECTORS = """
class SkipGram:
    def __init__(self, vocab_size, embedding_dim):
        self.W_in = np.random.randn(vocab_size, embedding_dim)
        self.W_out = np.random.randn(vocab_size, embedding_dim)
    def rows(self, indices):
        return self.W_out[indices]
    def loss_and_grad(self, center_indices, pos_indices, neg_indices):
        B, K = neg_indices.shape
        v, p, n = self.W_in[center_indices], self.rows(pos_indices), self.rows(neg_indices)
        pos = 1 / (1 + np.exp(-np.sum(v * p, axis=1)))
        neg = 1 / (1 + np.exp(-np.sum(n * v[:, None], axis=2)))
        loss = -np.mean(np.log(pos) + np.sum(np.log(1 - neg), axis=1))
        dW_in, dW_out = np.zeros_like(self.W_in), np.zeros_like(self.W_out)
        np.add.at(dW_in, center_indices, (pos - 1)[:, None] * p + np.sum(neg[:, :, None] * n, axis=1))
        np.add.at(dW_out, pos_indices, (pos - 1)[:, None] * v)
        np.add.at(dW_out, neg_indices, neg[:, :, None] * v[:, None])
        return loss, {"dW_in": dW_in / B, "dW_out": dW_out / B}
"""


@pytest.mark.parametrize(("divisor", "is_right"), [("B", True), ("K", False)])
def test_indices_pick_from_what_an_object_holds(divisor, is_right):
    outcome, _ = checked(WORD_VECTORS.replace(" / B", f" / {divisor}"))
    assert outcome.right is is_right


CO_OCCURRENCES = """
class Glove:
    def __init__(self, vocab_size, embedding_dim):
        self.W = np.random.randn(vocab_size, embedding_dim)
        self.b = np.zeros(vocab_size)
    def loss_and_grad(self, row_indices, col_indices, x_ij):
        w, u = self.W[row_indices], self.W[col_indices]
        diff = np.sum(w * u, axis=1) + self.b[row_indices] - np.log(x_ij)
        loss = np.mean(x_ij ** 0.75 * diff ** 2)
        g = 2 * x_ij ** 0.75 * diff / len(diff)
        dW, db = np.zeros_like(self.W), np.zeros_like(self.b)
        np.add.at(dW, row_indices, g[:, None] * u)
        np.add.at(dW, col_indices, g[:, None] * w)
        np.add.at(db, row_indices, g)
        return loss, {"W": dW, "b": db}
"""


def test_data_of_which_there_are_logarithms_are_positive():
    outcome, _ = checked(CO_OCCURRENCES)
    assert outcome.right
    # All is the same multiple of what it should be, of parameters that picked rows belong to.
    assert not checked(CO_OCCURRENCES.replace(" / len(diff)", ""))[0].right


CONTEXTS = """
class CBOW:
    def __init__(self, vocab_size, dim):
        self.W_in, self.W_out = np.random.randn(vocab_size, dim), np.random.randn(dim, vocab_size)
    def forward(self, context):
        self.h = self.W_in[context].mean(axis=0)
        e = np.exp(self.h @ self.W_out)
        self.y = e / e.sum()
        return self.y
    def loss(self, context, target):
        return -np.log(self.forward(context)[target])
    def gradients(self, context, target):
        err = self.forward(context).copy()
        err[target] -= 1
        dW_out, dh, dW_in = np.outer(self.h, err), self.W_out @ err, np.zeros_like(self.W_in)
        for word in context:
            dW_in[word] += dh / len(context)
        return dW_in, dW_out
"""


@pytest.mark.parametrize(("taken", "is_right"), [("1", True), ("self.y[target]", False)])
def test_a_loss_of_one_label_is_not_held_against_the_mean_over_several(taken, is_right):
    outcome, reading = checked(CONTEXTS.replace("-= 1", f"-= {taken}"))
    assert outcome.right is is_right
    assert "target ()" in reading.notes[0]


NOISE = """
eps = np.random.RandomState(0).randn(10, 2)
def elbo(p, X, eps):
    mu, log_sigma = X @ p["Wm"], X @ p["Ws"]
    z = mu + np.exp(log_sigma) * eps
    dz = 2 * z / len(X)
    d = {"Wm": X.T @ dz, "Ws": X.T @ (dz * eps * np.exp(log_sigma))}
    return (z**2).sum() / len(X), d
p = {"Wm": np.ones((6, 2)), "Ws": np.ones((6, 2))}
loss, d = elbo(p, np.ones((10, 6)), eps)
"""


def test_what_the_file_makes_as_an_array_is_no_setting_whatever_it_is_called():
    outcome, reading = checked(NOISE)
    assert outcome.right
    assert "eps 1e-5" not in reading.notes[0]


RNN_LOSS = """
class RNN:
    def __init__(self, vocab_size, hidden_size):
        self.U = np.random.randn(hidden_size, vocab_size)
        self.W = np.random.randn(hidden_size, hidden_size)
        self.V = np.random.randn(vocab_size, hidden_size)
        self.dU, self.dW, self.dV = (np.zeros_like(each) for each in (self.U, self.W, self.V))
    def forward_backward(self, x_batch, y_batch, h_prev):
        h, p, loss = {-1: h_prev}, {}, 0
        for each in (self.dU, self.dW, self.dV):
            each[:] = 0
        for t in range(len(x_batch)):
            h[t] = np.tanh(self.U[:, [x_batch[t]]] + self.W @ h[t - 1])
            e = np.exp(self.V @ h[t])
            p[t] = e / e.sum()
            loss -= np.log(p[t][y_batch[t], 0])
        later = np.zeros_like(h[0])
        for t in reversed(range(len(x_batch))):
            d = p[t].copy()
            d[y_batch[t]] -= 1
            self.dV += d @ h[t].T
            da = (self.V.T @ d + later) * (1 - h[t] ** 2)
            self.dU[:, [x_batch[t]]] += da
            self.dW += da @ h[t - 1].T
            later = self.W.T @ da
        return loss, h[len(x_batch) - 1]
"""


def test_the_last_state_that_a_loss_gives_is_no_gradient_of_the_first():
    outcome, reading = checked(RNN_LOSS)
    assert outcome.verdict == "right", reading.text
    assert checked(RNN_LOSS.replace("(1 - h[t] ** 2)", "(1 - h[t])"))[0].verdict == "wrong"


BAG = """
def bag_classifier(E, W, seqs, labels):
    lengths = np.array([len(s) for s in seqs])
    ids = np.zeros((len(seqs), lengths.max()), dtype=int)
    for row, s in zip(ids, seqs):
        row[:len(s)] = s
    weight = (np.arange(ids.shape[1]) < lengths[:, None]) / lengths[:, None]
    pooled = (E[ids] * weight[:, :, None]).sum(axis=1)
    e = np.exp(pooled @ W)
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.log(p[range(len(p)), labels]).mean()
    ds = p / len(p)
    ds[range(len(p)), labels] -= 1 / len(p)
    dE = np.zeros_like(E)
    np.add.at(dE, ids, (ds @ W.T)[:, None, :] * weight[:, :, None])
    return loss, (dE, pooled.T @ ds)
"""


def test_sequences_of_several_lengths_come_before_those_of_one_which_hide_the_mask():
    assert checked(BAG)[0].verdict == "right"
    wrong = BAG.replace("[:, None, :] * weight[:, :, None])", "[:, None, :] / ids.shape[1] + 0 * E[ids])")
    assert checked(wrong)[0].verdict == "wrong"


ROTARY = """
def rotary_forward(x):
    T, d = x.shape[-2:]
    angles = np.outer(np.arange(T), 10000.0 ** (-np.arange(0, d, 2) / d))
    cos, sin = np.cos(angles), np.sin(angles)
    first, second = x[..., :d // 2], x[..., d // 2:]
    return np.concatenate([first * cos - second * sin, second * cos + first * sin], axis=-1), (cos, sin)
def rotary_backward(dout, cache):
    cos, sin = cache
    half = dout.shape[-1] // 2
    first, second = dout[..., :half], dout[..., half:]
    return np.concatenate([first * cos + second * sin, second * cos - first * sin], axis=-1)
"""


def test_a_single_pair_of_features_does_not_excuse_what_is_wrong_for_several():
    assert checked(ROTARY)[0].verdict == "right"
    assert (
        checked(ROTARY.replace("[..., :half], dout[..., half:]", "[..., 0::2], dout[..., 1::2]"))[0].verdict
        == "wrong"
    )


ATTENTION = """
def attention_forward(Q, K, V):
    s = Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])
    A = np.exp(s) / np.exp(s).sum(axis=-1, keepdims=True)
    return A @ V, (Q, K, V, A)

def attention_backward(dout, cache):
    Q, K, V, A = cache
    dA = dout @ V.transpose(0, 2, 1)
    ds = A * (dA - (A * dA).sum(axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])
    return ds @ K, ds.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout
"""


def test_values_beside_queries_and_keys_are_no_weights():
    outcome, reading = checked(ATTENTION)
    assert outcome.right
    assert "Q (2, 7, 6), K (2, 4, 6), V (2, 4, 6)" in reading.notes[0]
    assert checked(ATTENTION.replace("(dA - (A * dA)", "(dA - (dA)"))[0].verdict == "wrong"
