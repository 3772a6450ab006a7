"""The forward pass on copies of all that it is given, and what it gives."""

import threading
from types import SimpleNamespace

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.passes.calls import Passes

X = np.ones((3, 2))


def passes(forward, *inputs, backward=lambda dout: dout):
    return Passes(forward, backward, list(inputs))


def test_the_inputs_are_called_as_the_forward_pass_calls_them():
    assert passes(lambda x, w, eps=1e-5: x, X, X).names == ["x", "w"]
    assert passes(lambda *arrays: arrays, X, X).names == ["input1", "input2"]
    assert passes(np.tanh, X).names == ["x"] or passes(np.tanh, X).names == ["input1"]


def test_too_few_inputs_are_refused():
    with pytest.raises(CheckError, match=r"^the forward pass: takes \(x, w\); 1 inputs were given"):
        passes(lambda x, w: x, X).names  # noqa: B018


class Layer:
    def __init__(self, size):
        self.weights, self.library = np.ones(size), np

    def forward(self, x):
        self.weights += 1
        return x * self.weights

    def backward(self, dout):
        return dout * self.weights


def test_an_object_is_copied_with_both_of_its_methods():
    layer = Layer(2)
    given = Passes(layer.forward, layer.backward, [X])
    copied = given.copied()
    out = copied.run().output(0)
    assert layer.weights.tolist() == [1, 1]
    assert np.array_equal(copied.backward(X), out)
    assert given.owners == [layer]
    assert copied.owners[0].library is np


def test_what_cannot_be_copied_is_refused():
    holder = SimpleNamespace(lock=threading.Lock())
    with pytest.raises(CheckError, match=r"^the layer: cannot be copied"):
        passes(lambda x, holder: x, X, holder).copied()


@pytest.mark.parametrize(
    ("returned", "cache"),
    [
        (X, None),
        ((X, 1), 1),
        ((X, X), X),
        ((X, X, {"x": X}), {"x": X}),
        ((X, X, X), (X, X)),
        ([X, X, X], None),
    ],
)
def test_the_cache_is_what_stands_beside_the_outputs(returned, cache):
    np.testing.assert_equal(passes(lambda: returned).run().cache, cache)


def test_a_single_number_is_a_loss_and_no_text_an_output():
    assert passes(lambda: (2.0, X)).run().is_loss
    assert passes(lambda: np.array(2.0)).run().is_loss
    assert not passes(lambda: np.ones(1)).run().is_loss
    with pytest.raises(CheckError, match=r"^the forward pass: returns str"):
        passes(lambda: "out").run().output(0)
