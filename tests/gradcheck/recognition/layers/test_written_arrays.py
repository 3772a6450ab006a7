"""Layers that say what shapes their arrays have."""

import pytest

from chainrule.gradcheck.recognition.layers.written_arrays import in_chain, in_numbers
from support.layers import checked, read

MIXED = '''
def mix(u, v, G, s):
    """u: array of shape (N, P); v: array of shape (N, Q); G: of shape (P, Q, K); s (K,)"""
    return np.einsum("np,pqk,nq->nk", u, G, v) * s
def mix_vjp(dy, u, v, G, s):
    dr = dy * s
    ds = (dy * np.einsum("np,pqk,nq->nk", u, G, v)).sum(axis=0)
    du, dv = np.einsum("nk,pqk,nq->np", dr, G, v), np.einsum("nk,pqk,np->nq", dr, G, u)
    return du, dv, np.einsum("np,nq,nk->pqk", u, v, dr), ds
'''
CAPPED = '''
def softcap(x, cap):
    """x (B, T, D); cap (D,)"""
    return cap * np.tanh(x / cap)
def softcap_back(g, x, cap):
    t = np.tanh(x / cap)
    return g * (1 - t * t), (g * (t - (1 - t * t) * x / cap)).sum(axis=(0, 1))
'''
GRAPH = '''
class GraphLayer:
    """relu(A H W); A (n, n), H (n, f)"""
    def __init__(self, f_in, f_out):
        self.W = np.random.randn(f_in, f_out)
    def forward(self, A, H):
        self.A, self.H = A, H
        self.z = A @ H @ self.W
        return np.maximum(self.z, 0)
    def backward(self, grad_out):
        g = grad_out * (self.z > 0)
        self.dW = (self.A @ self.H).T @ g
        return self.A.T @ g @ self.W.T
'''
MEAN = '''
def masked_mean_forward(x, lengths):
    """x (B, T, D), lengths (B,)"""
    m = (np.arange(x.shape[1]) < lengths[:, None]) * 1.0
    return (x * m[:, :, None]).sum(1) / lengths[:, None], (m, lengths)
def masked_mean_backward(dout, cache):
    m, lengths = cache
    return m[:, :, None] * (dout / lengths[:, None])[:, None, :]
'''
READOUT = """
class Readout:
    def __init__(self, dim, n_out):
        self.W, self.b = np.random.randn(dim, n_out), np.zeros(n_out)
        self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)
    def forward(self, h):
        self.h = h
        return h @ self.W + self.b
    def backward(self, g):
        self.dW += self.h.reshape(-1, len(self.W)).T @ g.reshape(-1, len(self.b))
        self.db += g.sum((0, 1))
        return g @ self.W.T
"""
LAYERS = {
    "sums over letters": (MIXED, "dr = dy * s", "dr = dy"),
    "sequences": (CAPPED, "sum(axis=(0, 1))", "mean(axis=(0, 1))"),
    "a graph": (GRAPH, "self.A.T @ g", "self.A @ g"),
    "lengths": (MEAN, "dout / lengths[:, None]", "dout / m.shape[1]"),
    "sequences alone": (READOUT, "g.sum((0, 1))", "2 * g.sum((0, 1))"),
}


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_layers_are_right_or_wrong(name, wrong):
    text, right_part, wrong_part = LAYERS[name]
    assert text.count(right_part) == 1
    outcome, reading = checked(text.replace(right_part, wrong_part) if wrong else text)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text


def test_that_vectors_are_not_what_a_layer_is_for_is_said():
    _, reading = checked(READOUT)
    assert "its gradients are not right for h (7, 6)" in reading.notes[-1]


def test_a_layer_that_says_vectors_is_not_excused_by_sequences():
    text = READOUT.replace("(self, h):\n", '(self, h):\n        "h (N, D)"\n')
    outcome, _ = checked(text)
    assert outcome.verdict == "wrong"


def test_sizes_in_numbers():
    written = {"x": ("N", "H", "W", "C"), "w": ("3", "3", "C", "2*F"), "V": ("V", "H//2"), "y": ("N", "q/0")}
    assert in_numbers(written, "x", of_loss=False) == {
        "x": (2, 4, 6, 3), "w": (3, 3, 3, 10), "V": (9, 2)
    }  # fmt: skip
    assert in_numbers({"x": ("N", "D"), "w": ("D", "K")}, "x", of_loss=True) == {"x": (7, 6), "w": (6, 3)}


def test_parameters_of_one_layer_are_no_chain():
    assert not in_chain(["X", "W1", "b1"])
    assert not in_chain(f"W{i}" for i in range(9))


def test_a_loss_is_wrong_where_all_its_gradients_are_and_it_says_the_shapes():
    text = '''
def squared_loss(pred, y, mask):
    """pred (N, K), y (N, K), mask (N,)"""
    e = (pred - y) * mask[:, None]
    loss = 0.5 * np.sum(e ** 2)
    return loss, {"dpred": e}
'''
    (right,), _ = read(text)
    assert right.text
    outcome, _ = checked(text.replace('{"dpred": e}', '{"dpred": 3 * e * (e > 0)}'))
    assert outcome.verdict == "wrong"
