"""Layers that are told shapes as one: in a tuple that is taken apart, or by the layer that comes before."""

import pytest

from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.recognition.layers.shapes import LayerShapes
from chainrule.gradcheck.recognition.layers.shapes_told import in_parts, saying_shapes
from support.layers import checked

POOL = """
class Pool:
    def __init__(self, size_in, window, stride):
        self.depth, self.rows, self.columns = size_in
        self.high, self.wide = window
        self.stride = stride
    def windows(self):
        for i in range((self.rows - self.high) // self.stride + 1):
            for j in range((self.columns - self.wide) // self.stride + 1):
                at, by = i * self.stride, j * self.stride
                yield i, j, (..., slice(at, at + self.high), slice(by, by + self.wide))
    def forwardpass(self, X):
        shape = ((s - w) // self.stride + 1 for s, w in ((self.rows, self.high), (self.columns, self.wide)))
        out = np.zeros((len(X), self.depth, *shape))
        for i, j, window in self.windows():
            out[..., i, j] = X[window].mean(axis=(2, 3))
        return out
    def backwardpass(self, lr, before, delta):
        new = np.zeros(before.shape)
        for i, j, window in self.windows():
            new[window] += delta[..., i : i + 1, j : j + 1] / (self.high * self.wide)
        return new
"""

AFTER = """
class Dense:
    def __init__(self, before, units, name):
        self.samples, wide = before.shape
        self.W, self.shape, self.name = np.random.randn(units, wide), (self.samples, units), name
    def forward(self, x):
        self.x = x
        return x @ self.W.T
    def backward(self, dout):
        self.dW = dout.T @ self.x
        return dout @ self.W
"""

KERNELS = """
class Conv:
    def __init__(self, input_dim, filters, kernel):
        (depth, high, wide), (k, l) = input_dim, kernel
        C, H, W = input_dim
        kh, kw = kernel
        self.W, self.out = np.random.randn(filters, C, kh, kw), (H - kh + 1, W - kw + 1)
    def forward(self, x):
        self.x = x
        view = np.lib.stride_tricks.sliding_window_view(x, self.W.shape[2:], axis=(2, 3))
        return np.einsum("nchwij,fcij->nfhw", view, self.W)
    def backward(self, dout):
        view = np.lib.stride_tricks.sliding_window_view(self.x, self.W.shape[2:], axis=(2, 3))
        self.dW = np.einsum("nchwij,nfhw->fcij", view, dout)
        dx = np.zeros_like(self.x)
        for i in range(self.out[0]):
            for j in range(self.out[1]):
                kh, kw = self.W.shape[2:]
                dx[:, :, i : i + kh, j : j + kw] += np.einsum("nf,fcij->ncij", dout[:, :, i, j], self.W)
        return dx
"""

LAYERS = {
    "a window": (POOL, "new[window] +=", "new[window] ="),
    "the layer before": (AFTER, "dout.T @ self.x", "2 * dout.T @ self.x"),
    "kernels": (KERNELS, "dx[:, :, i : i + kh, j : j + kw] +=", "dx[:, :, i : i + kh, j : j + kw] -="),
}


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_layers_are_made_of_shapes_that_they_take_apart(name, wrong):
    text, right, mistake = LAYERS[name]
    assert right in text
    outcome, reading = checked(text.replace(right, mistake) if wrong else text)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text


def test_what_stands_in_for_the_layer_before_is_told():
    _, reading = checked(AFTER)
    assert "LayerBefore(shape=(7, 6))" in reading.notes[0]
    assert "LayerBefore stands in for the layer before, which says its shape" in reading.notes


def test_tuples_have_as_many_parts_as_are_taken_apart():
    images = LayerShapes(2, (2, 5, 7, 3), (3, 3, 3, 4))
    for name, count, given in (
        ("strides", 2, ["(2, 2)"]),
        ("padding", 2, ["(1, 1)"]),
        ("pool", 2, ["(3, 3)", "(2, 2)"]),
        ("kernel_size", 3, ["(3, 3, 3)"]),
        ("kernel_size", 4, ["(3, 3, 3, 4)"]),
        ("size", 4, ["(2, 5, 7, 3)"]),
        ("size", 2, ["(5, 7)"]),
        ("size", 5, []),
    ):
        parts = tuple("abcde"[:count])
        made = Function("__init__", (Argument(name),), "Layer", taken_apart={name: parts})
        assert in_parts(name, made, images) == given
    assert in_parts("size", Function("__init__", (Argument("size"),)), images) is None


def test_a_layer_of_which_more_is_asked_has_no_stand_in():
    layout = LayerShapes(7, (7, 6), features=(6,))
    assert not saying_shapes(["shape", "forward"], layout)
    assert not saying_shapes([], layout)
    assert saying_shapes(["output_size"], layout) == ['__import__("types").SimpleNamespace(output_size=6)']
