"""Layers whose gradients several backward passes give."""

from chainrule.gradcheck.recognition.layers.shared_passes import with_the_others
from support.layers import read

TWO = """
class Dense:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out)
    def forward(self, x):
        self.x = x
        return x @ self.W
    def backward_inputs(self, dout):
        return dout @ self.W.T
    def backward_params(self, dout):
        return [[self.W, self.x.T @ dout], "dense"]
"""


def unchecked(text):
    return [reading.unchecked for reading in with_the_others(read(text)[0])]


def test_what_another_backward_pass_gives_is_checked():
    assert [reading.unchecked for reading in read(TWO)[0]] == [("the gradient of W",), ("the gradient of x",)]
    assert unchecked(TWO) == [(), ()]


def test_what_none_gives_is_not():
    assert unchecked(TWO.replace("[[self.W, self.x.T @ dout]", "[None"))[0] == ("the gradient of W",)


def test_what_a_base_leaves_blank_is_no_backward_pass_of_a_layer_without_parameters():
    text = """
class Layer:
    def backward_inputs(self, dout): ...
    def backward_params(self, dout):
        pass
class Twice(Layer):
    def forward(self, x):
        return 2 * x
    def backward_inputs(self, dout):
        return 2 * dout
"""
    (reading,), _ = read(text)
    assert reading.label == "Twice.forward / Twice.backward_inputs"
