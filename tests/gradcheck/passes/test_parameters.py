"""The arrays that a layer is given or holds, and where the gradient of each is left."""

import numpy as np
import pytest

from chainrule.gradcheck.passes.backward import backward_call
from chainrule.gradcheck.passes.calls import Passes
from chainrule.gradcheck.passes.parameters import parameters_of, widened

RNG = np.random.default_rng(0)
X, W, B = RNG.normal(size=(5, 3)), RNG.normal(size=(3, 2)), RNG.normal(size=2)


class Linear:
    """With the gradients as attributes."""

    def __init__(self):
        self.W, self.b, self.calls = W.copy(), B.copy(), np.zeros(1)

    def forward(self, x):
        self.x = x
        self.calls += 1
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.W.T


class WithSettings(Linear):
    def forward(self, x, settings):
        return super().forward(x)


class InDictionaries(Linear):
    def __init__(self):
        super().__init__()
        self.params, self.grads = {"W": self.W, "b": self.b}, {}

    def backward(self, dout):
        dx = super().backward(dout)
        self.grads["W"], self.grads["b"] = self.dW, self.db
        return dx


class InLists(Linear):
    def __init__(self):
        super().__init__()
        self.params, self.grads = [self.W, self.b], [np.zeros((3, 2)), np.zeros(2)]

    def forward(self, x):
        self.W, self.b = self.params
        return super().forward(x)

    def backward(self, dout):
        dx = super().backward(dout)
        self.grads[0] += self.dW
        self.grads[1] += self.db
        return dx


class InTuple(InLists):
    def __init__(self):
        super().__init__()
        self.params = tuple(self.params)


class Returned(Linear):
    def backward(self, dout):
        return dout @ self.W.T, self.x.T @ dout, dout.sum(axis=0)


class Updated(Linear):
    def backward(self, dout, learning_rate):
        dx = dout @ self.W.T
        self.W -= learning_rate * self.x.T @ dout
        self.b -= learning_rate * dout.sum(axis=0)
        return dx


class OfLayers:
    def __init__(self):
        self.first = Linear()

    def forward(self, x):
        return np.tanh(self.first.forward(x))

    def backward(self, dout):
        return self.first.backward(dout * (1 - np.tanh(self.first.forward(self.first.x)) ** 2))


def found(forward, backward, *inputs):
    passes = Passes(forward, backward, list(inputs)).copied()
    call = backward_call(Passes(forward, backward, list(inputs)).copied().run())
    return parameters_of(passes, call, (np.ones((5, 2)),)), call


def gradients(layer):
    """Those of a layer that is called again with all its arrays doubled."""
    parameters, call = found(layer.forward, layer.backward, X)
    passes = Passes(layer.forward, layer.backward, [X]).copied()
    parameters.put(passes, {name: 2 * array for name, array in parameters.arrays.items()})
    ran = passes.run()
    dout = np.ones((5, 2))
    return parameters, parameters.gradient(
        ran, call.made(ran, (dout,)), {name: 2 * array for name, array in parameters.arrays.items()}
    )


@pytest.mark.parametrize("kind", [Linear, InDictionaries, InLists, InTuple, Returned, Updated])
def test_the_parameters_of_an_object_are_those_that_have_a_gradient(kind):
    parameters, given = gradients(kind())
    assert next(iter(parameters.arrays)) == "x"
    assert [array.shape for array in parameters.arrays.values()] == [(5, 3), (3, 2), (2,)]
    expected = [np.ones((5, 2)) @ (2 * W).T, (2 * X).T @ np.ones((5, 2)), np.full(2, 5.0)]
    assert all(np.allclose(g, e) for g, e in zip(given.values(), expected, strict=True))
    assert parameters.missing == ()
    assert parameters.by_shape == (("W", "b") if kind is Returned else ())


def test_layers_inside_an_object_have_their_own():
    assert list(gradients(OfLayers())[0].arrays) == ["x", "first_W", "first_b"]


def test_gradients_of_an_earlier_call_do_not_count():
    layer = InLists()
    layer.grads[0] += 100
    assert np.allclose(
        next(g for g in gradients(layer)[1].values() if g.shape == (3, 2)), (2 * X).T.sum(1)[:, None]
    )


def test_what_has_no_gradient_is_missing_but_not_what_is_put_anew():
    def forward(x, params, state):
        state["mean"] = 0.9 * state["mean"] + x.mean(axis=0)
        return x @ params["W"] + params["b"], (x, params)

    def backward(dout, cache):
        return {"x": dout @ cache[1]["W"].T, "W": cache[0].T @ dout}

    parameters, _ = found(forward, backward, X, {"W": W, "b": B, "name": "first"}, {"mean": np.zeros(3)})
    assert list(parameters.arrays) == ["x", "W"]
    assert parameters.missing == ("b",)


def test_a_number_is_a_parameter_where_a_gradient_comes_for_it():
    def forward(x, slope):
        return x[:, :2] * slope, x

    with_slope, _ = found(forward, lambda dout, x: (np.ones((5, 3)), (dout * x[:, :2]).sum()), X, 0.1)
    assert list(with_slope.arrays) == ["x", "slope"]
    assert list(found(forward, lambda dout, x: np.ones((5, 3)), X, 0.1)[0].arrays) == ["x"]


def test_single_precision_is_made_double_everywhere():
    layer = WithSettings()
    layer.W = layer.W.astype(np.float32)
    passes = Passes(
        layer.forward, layer.backward, [X.astype(np.float32), {"W": W.astype(np.float32)}]
    ).copied()
    widened(passes)
    assert passes.inputs[0].dtype == passes.inputs[1]["W"].dtype == passes.owners[0].W.dtype == np.float64
    assert layer.W.dtype == np.float32
