"""Which of the arrays that a backward pass gives are whose gradients."""

import numpy as np
import pytest

from chainrule.gradcheck.recognition.layers import gradient_places, places
from support.layers import checked, read


class Stack:
    def __init__(self):
        self.layers = [(np.zeros((2, 3)), np.zeros(3)), (np.zeros((3, 2)), np.zeros(2))]


def test_what_is_given_in_a_list_of_lists_is_whose_place_it_has():
    made = places.of_object(Stack(), "layer")
    given = places.returned([[np.ones((2, 3)), np.ones(3)], [np.ones((3, 2)), np.ones(2)]], "g")
    _, met = gradient_places.parameters(made, given, [], [])
    assert {name: place.text for name, place in met.items()} == {
        f"layers_{i}_{j}": f"g[{i}][{j}]" for i in (0, 1) for j in (0, 1)
    }


def test_gradients_without_names_are_those_of_the_only_row_of_arrays_in_their_shapes():
    arrays = {"X": np.ones((7, 6)), "w": np.ones(6), "b": np.ones(())}
    given = places.returned((np.ones(6), np.float64(1.0)), "g")
    assert {name: place.text for name, place in gradient_places.in_a_row(arrays, given).items()} == {
        "w": "g[0]",
        "b": "g[1]",
    }
    assert gradient_places.in_a_row({**arrays, "v": np.ones(6), "c": np.ones(1)}, given) == {}


PAIRED = """
class Dense:
    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_in, n_out), np.zeros(n_out)
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward_inputs(self, dout):
        return dout @ self.W.T
    def backward_params(self, dout):
        return [[self.W, self.x.T @ dout], [self.b, dout.sum(axis=0)], "dense"]
"""


@pytest.mark.parametrize("wrong", [False, True])
def test_a_gradient_may_be_given_in_a_pair_with_what_it_is_of(wrong):
    text = PAIRED.replace("dout.sum(axis=0)", "dout.mean(axis=0)") if wrong else PAIRED
    outcome, _ = checked(text, "Dense.forward / Dense.backward_params")
    assert outcome.verdict == ("wrong" if wrong else "right")
    assert {tensor.name for tensor in outcome.tensors} == {"W", "b"}


NAMED_OTHERWISE = """
class Conv:
    def __init__(self, filters, kernel_size):
        self._filter = np.random.randn(filters, 3, *kernel_size)
        self._bias = np.zeros((filters, 1))
    def forward(self, image):
        self.image = image
        n, (_, high, wide) = len(self._filter), image.shape
        out = np.zeros((n, high - 2, wide - 2))
        for i in range(high - 2):
            for j in range(wide - 2):
                window = image[:, i : i + 3, j : j + 3]
                out[:, i, j] = (self._filter * window).sum(axis=(1, 2, 3)) + self._bias[:, 0]
        return out
    def backward(self, up):
        back, filters = np.zeros_like(self.image), np.zeros_like(self._filter)
        for i in range(up.shape[1]):
            for j in range(up.shape[2]):
                filters += up[:, i, j, None, None, None] * self.image[:, i : i + 3, j : j + 3]
                back[:, i : i + 3, j : j + 3] += np.tensordot(up[:, i, j], self._filter, 1)
        return back, filters, up.sum(axis=(1, 2))[:, None]
"""


def test_what_is_given_under_a_name_of_nothing_is_known_by_its_shape():
    outcome, reading = checked(NAMED_OTHERWISE)
    assert outcome.right
    assert not reading.unchecked
    assert {tensor.name for tensor in outcome.tensors} == {"image", "_filter", "_bias"}


def test_what_is_known_by_its_shape_alone_convicts_nobody():
    (reading,), _ = read(NAMED_OTHERWISE.replace("filters += up", "filters -= up"))
    assert not reading.text
    assert "nothing but their shapes" in reading.why


UNNAMED = """
class Scale:
    def forward(self, x):
        self.x = x
        return x * x
    def backward(self, d):
        return tuple([2 * self.x * d, d.sum(), d.mean()])
"""


def test_the_first_of_several_without_names_is_the_inputs_gradient_where_it_alone_has_their_shape():
    outcome, reading = checked(UNNAMED)
    assert outcome.right
    assert reading.unchecked == ("what backward gives at [1]", "what backward gives at [2]")
    (reading,), _ = read(UNNAMED.replace("d.mean()", "self.x"))
    assert "cannot be told" in reading.why
    (reading,), _ = read(UNNAMED.replace("2 * self.x", "3 * self.x"))
    assert "nothing but their shapes" in reading.why, "a shape convicts nobody"


APART = """
class Affin:
    def __init__(self, n, d):
        self._parameters, self._bias = np.random.randn(n, d), np.random.randn(1, d)
        self._gradient, self._bias_grad = np.zeros((n, d)), np.zeros((1, d))
    def forward(self, X):
        return X @ self._parameters + self._bias
    def backward_update_gradient(self, input, delta):
        self._gradient += input.T @ delta
        self._bias_grad += delta.sum(axis=0)
    def backward_delta(self, input, delta):
        return delta @ self._parameters.T
"""


@pytest.mark.parametrize("slip", ["", "input.T", "self._parameters.T"])
def test_of_two_backward_passes_one_may_be_there_for_the_parameters_and_one_for_the_inputs(slip):
    text = APART.replace(slip, f"(2 * {slip})") if slip else APART
    of_parameters, _ = checked(text, "Affin.forward / Affin.backward_update_gradient")
    of_inputs, _ = checked(text, "Affin.forward / Affin.backward_delta")
    assert of_parameters.verdict == ("wrong" if slip == "input.T" else "right")
    assert of_inputs.verdict == ("wrong" if slip == "self._parameters.T" else "right")
    assert {tensor.name for tensor in of_parameters.tensors} == {"_parameters", "_bias"}


def test_lists_of_parameters_have_lists_of_gradients_called_after_them():
    text = """
class Heads:
    def __init__(self, n_in, n_out):
        self.W = [np.random.randn(n_in, n_out) for _ in range(2)]
        self.V = [np.random.randn(n_in, n_out) for _ in range(2)]
    def forward(self, x):
        self.x = x
        return sum((x @ W) * (x @ V) for W, V in zip(self.W, self.V))
    def backward(self, d):
        x = self.x
        self.dW = [x.T @ (d * (x @ V)) for V in self.V]
        self.dV = [x.T @ (d * (x @ W)) for W in self.W]
        return sum((d * (x @ V)) @ W.T + (d * (x @ W)) @ V.T for W, V in zip(self.W, self.V))
"""
    outcome, reading = checked(text)
    assert outcome.right
    assert {t.name for t in outcome.tensors} == {"x", "W_0", "W_1", "V_0", "V_1"}
    assert not reading.unchecked


ACROSS = """
class Dense:
    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_out, n_in), np.zeros(n_out)
    def forward(self, x):
        self.x = x
        return x @ self.W.T + self.b
    def backward(self, d):
        self.dW, self.db = self.x.T @ d, d.sum(axis=0)
        return d @ self.W
    def update(self, lr):
        self.W -= lr * self.dW.T
        self.b -= lr * self.db
"""


def test_a_gradient_that_the_step_turns_is_that_of_the_parameter():
    outcome, reading = checked(ACROSS)
    assert outcome.right
    assert not reading.unchecked
    assert checked(ACROSS.replace("self.x.T @ d,", "2 * self.x.T @ d,"))[0].verdict == "wrong"
    assert checked(ACROSS.replace("self.dW.T", "self.dW"))[0].verdict == "wrong"
