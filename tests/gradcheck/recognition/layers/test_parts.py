"""What is checked with a layer needs no check of its own."""

from support.layers import read

NORMED = """
class Norm:
    def __init__(self, w, dw, name):
        self.w, self.dw, self.name = w, dw, name
    def forward(self, x):
        self.x = x
        return x * self.w[self.name]
    def backward(self, d):
        self.dw[self.name] = (d * self.x).sum(0)
        return d * self.w[self.name]
class Block:
    def __init__(self, dim):
        self.w, self.dw = {"g": np.ones(dim), "W": np.random.randn(dim, dim)}, {}
        self.norm = Norm(self.w, self.dw, "g")
    def forward(self, x):
        self.n = self.norm.forward(x)
        return self.n @ self.w["W"]
    def backward(self, d):
        self.dw["W"] = self.n.T @ d
        return self.norm.backward(d @ self.w["W"].T)
"""
HELPED = """
def scale_fwd(x, g): return x * g, x
def scale_bwd(d, x, P, G, name):
    G[name] = (d * x).sum(0)
    return d * P[name]
def block_forward(P, x):
    y, cache = scale_fwd(x, P["gain"])
    return y @ P["W"], (y, cache)
def block_backward(P, dout, cache):
    y, x = cache
    G = {"W": y.T @ dout}
    dx = scale_bwd(dout @ P["W"].T, x, P, G, "gain")
    return dx, G
"""


def labels(text):
    every, _ = read(text)
    return {reading.label: bool(reading.text) for reading in every}


def test_a_layer_that_another_makes_and_calls_is_checked_with_it():
    assert labels(NORMED) == {"Block.forward / Block.backward": True}


def test_functions_that_a_layer_calls_are_checked_with_it():
    assert labels(HELPED) == {"block_forward / block_backward": True}


def test_what_is_not_called_is_not_checked():
    assert "scale_fwd / scale_bwd" in labels(HELPED.replace("scale_bwd(dout", "len(dout"))
