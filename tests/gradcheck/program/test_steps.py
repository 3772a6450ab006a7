"""Programs whose gradient is seen by what an update takes from the parameters; what an object holds beside them."""

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.program.local import LocalProgram

W = np.array([[1.0, 2.0], [3.0, 4.0]])


def gradient_of(step, parameters):
    program = LocalProgram(lambda p: 0.0, step, parameters, by_update=True)
    given = program.describe()
    return program.gradient(given.arrays, given.data)


def in_place(p):
    p["W"] -= 0.5


def put_anew(p):
    p["W"] = p["W"] - 0.5
    p["cache"] = p["W"]


@pytest.mark.parametrize("step", [in_place, put_anew, lambda p: {"W": p["W"] - 0.5}])
def test_what_a_step_takes_is_the_gradient(step):
    returned = gradient_of(step, {"W": W})
    assert returned.names == ["W"]
    assert np.array_equal(returned.arrays[0], np.full((2, 2), 0.5))
    # It is meant to change them: that is no mistake of a gradient.
    assert np.array_equal(returned.after[0], W)


def test_what_is_taken_from_a_number_is_an_array_too():
    def step(p):
        p["b"] -= 0.5

    (taken,) = gradient_of(step, {"b": 1.5}).arrays
    assert isinstance(taken, np.ndarray)
    assert taken == 0.5


def test_a_step_that_leaves_other_shapes_is_refused():
    with pytest.raises(CheckError, match="other shapes"):
        gradient_of(lambda p: [p[0][:1]], [W])


class Net:
    def __init__(self):
        self.W, self.velocity = W.copy(), np.zeros((2, 2))

    def cost(self, x):
        return float(np.sum((self.W @ x) ** 2))

    def gradient(self, x):
        return 2 * np.outer(self.W @ x, x)

    def train(self, x):
        self.velocity = 0.9 * self.velocity + self.gradient(x)
        self.W = self.W - self.velocity


@pytest.mark.parametrize("by_update", [False, True])
def test_momentum_that_an_object_keeps_is_no_parameter(by_update):
    net, x = Net(), np.array([1.0, -2.0])
    given = net.train if by_update else net.gradient
    program = LocalProgram(net.cost, given, net, (x,), by_update=by_update)
    assert program.describe().names == ["W"]
    (gradient,) = program.gradient([W], (x,)).arrays
    assert np.allclose(gradient, 2 * np.outer(W @ x, x))


class Layers:
    def __init__(self):
        self.W, self.b = W.copy(), np.ones(2)

    def cost(self, x):
        return float(np.sum((self.W @ x + self.b) ** 2))

    def gradient(self, x):
        upstream = 2 * (self.W @ x + self.b)
        self.dW, self.db = np.outer(upstream, x), upstream
        return self.W.T @ upstream


def test_a_gradient_of_the_inputs_that_is_returned_hides_none_that_are_kept():
    net, x = Layers(), np.array([1.0, -2.0])
    program = LocalProgram(net.cost, net.gradient, net, (x,))
    returned = program.gradient([W, np.zeros(2)], (x,))
    assert returned.kind == "attributes"
    assert returned.names == ["dW", "db"]
    assert np.allclose(returned.arrays[1], 2 * W @ x)
