"""Layers whose parameters are objects that hold an array and its gradient."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from chainrule.gradcheck.recognition.layers import places
from support.layers import checked, read

PARAMETERS = """
class Parameter:
    def __init__(self, data):
        self.data, self.grad = data, np.zeros_like(data)
class Linear:
    def __init__(self, n_in, n_out):
        self.weight = Parameter(np.random.randn(n_in, n_out))
        self.bias = Parameter(np.zeros(n_out))
    def forward(self, x):
        self.x = x
        return x @ self.weight.data + self.bias.data
    def backward(self, dout):
        self.weight.grad += self.x.T @ dout
        self.bias.grad += dout.sum(axis=0)
        return dout @ self.weight.data.T
"""
IN_A_DICTIONARY = """
class Variable:
    def __init__(self, value):
        self.value, self.gradient = value, None
class Dense:
    def __init__(self, fan_in, fan_out):
        self.params = {"W": Variable(np.random.randn(fan_out, fan_in)), "b": Variable(np.zeros((fan_out, 1)))}
    def forward(self, X):
        self.X = X
        return self.params["W"].value @ X + self.params["b"].value
    def backward(self, dZ):
        self.params["W"].gradient = dZ @ self.X.T
        self.params["b"].gradient = dZ.sum(axis=1, keepdims=True)
        return self.params["W"].value.T @ dZ
"""
HELD = {
    "under any name": (PARAMETERS.replace("data", "v"), "+= self.x.T @ dout", "+= 2 * self.x.T @ dout"),
    "as attributes": (PARAMETERS, "+= self.x.T @ dout", "+= 2 * self.x.T @ dout"),
    "in a dictionary": (IN_A_DICTIONARY, "dZ.sum(axis=1", "dZ.mean(axis=1"),
}


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("name", HELD)
def test_parameters_with_their_gradients_are_right_or_wrong(name, wrong):
    text, right_part, wrong_part = HELD[name]
    assert text.count(right_part) == 1
    outcome, reading = checked(text.replace(right_part, wrong_part) if wrong else text)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text


def test_all_of_a_parameter_of_its_own_is_checked():
    outcome, _ = checked(PARAMETERS)
    assert [(t.name, t.shape) for t in outcome.tensors] == [("x", (7, 6)), ("weight", (6, 3)), ("bias", (3,))]


SUMMED = """
class Norm:
    def __init__(self, d):
        self.g, self.dg = np.ones(d), np.zeros(d)
    def forward(self, x):
        self.x = x
        return self.g * x
    def backward(self, dy):
        self.dg += (dy * self.x).sum(0)
        return dy * self.g
"""


@pytest.mark.parametrize(("name", "wrong"), [("g", False), ("g", True), ("gain", False), ("gain", True)])
def test_a_gradient_that_is_kept_from_the_start_is_that_of_what_it_is_named_after(name, wrong):
    text = (
        SUMMED.replace("self.g,", f"self.{name},")
        .replace("self.g ", f"self.{name} ")
        .replace("self.dg", f"self.d{name}")
    )
    text = text.replace("dy * self.g\n", f"dy * self.{name}\n")
    outcome, _ = checked(text.replace("dy * self.x", "dy * self.x * 2") if wrong else text)
    assert [(t.name.strip("_"), t.verdict) for t in outcome.tensors] == [
        ("x", "right"),
        (name, "wrong" if wrong else "right"),
    ]


UNNAMED = """
class Dense:
    def __init__(self, n_in, n_out):
        self.weights, self.bias = np.random.randn(n_in, n_out), np.zeros((1, n_out))
        self.delta_w = np.zeros_like(self.weights)
    def forward(self, x):
        self.x = x
        return x @ self.weights + self.bias
    def backward(self, dout):
        self.delta_w, self.bias_error = self.x.T @ dout, dout.sum(axis=0, keepdims=True)
        return dout @ self.weights.T
"""


def test_a_gradient_whose_name_says_nothing_is_told_by_its_shape():
    outcome, reading = checked(UNNAMED)
    assert outcome.right
    assert {t.name for t in outcome.tensors} == {"x", "weights", "bias"}
    assert "layer.delta_w was taken for the gradient of weights: by its shape" in reading.notes


def test_what_is_told_by_its_shape_alone_convicts_nobody_and_is_not_called_right():
    (reading,), _ = read(UNNAMED.replace("= self.x.T", "= 2 * self.x.T"))
    assert not reading.text
    assert reading.why.startswith("nothing but their shapes says what the gradients of weights are")
    outcome, _ = checked(UNNAMED.replace("dout @ self", "2 * dout @ self"))
    assert outcome.verdict == "wrong"


def test_parameters_without_any_gradient_are_named():
    _, reading = checked(UNNAMED.replace("self.delta_w, self.bias_error = ", "unused = "))
    assert "the backward pass gives no gradient of weights, bias: not checked" in reading.notes


class Stack:
    def __init__(self):
        self.layers = [(np.zeros((2, 3)), np.zeros(3)), (np.zeros((3, 2)), np.zeros(2))]


def test_another_array_is_put_in_a_tuple_by_another_tuple():
    layer = Stack()
    place = places.of_object(layer, "layer")[1]
    eval(place.put("np.ones(3)"), {"np": np, "layer": layer})  # noqa: S307
    assert type(layer.layers[0]) is tuple
    assert [array.sum() for array in layer.layers[0]] == [0, 3]


def test_what_stands_in_tuples_of_tuples_is_put_there():
    layer = SimpleNamespace(pairs=((np.zeros(2), np.ones(2)), (np.zeros(3), np.ones(3))))
    place = places.of_object(layer, "layer")[2]
    eval(place.put("array"), {}, {"layer": layer, "array": np.full(3, 7.0)})  # noqa: S307
    assert layer.pairs[1][0].tolist() == [7, 7, 7]
    assert layer.pairs[1][1].tolist() == [1, 1, 1]


@dataclass
class _Weights:
    V: np.ndarray
    b: np.ndarray


def test_what_is_given_may_be_a_dataclass():
    found = places.returned(_Weights(np.ones(2), np.ones(3)), "g")
    assert [(place.text, place.key) for place in found] == [("g.V", "V"), ("g.b", "b")]


@dataclass(slots=True)
class _Slots:
    V: np.ndarray


def test_so_may_one_that_keeps_its_fields_in_slots():
    assert [place.text for place in places.returned(_Slots(np.ones(2)), "g")] == ["g.V"]


ROW = """
def cost(X, y, U, v):
    return 0.5 * np.sum((np.tanh(X @ U) @ v - y) ** 2)
def cost_gradient(X, y, U, v):
    h = np.tanh(X @ U)
    e = h @ v - y
    return {"first": X.T @ (np.outer(e, v) * (1 - h ** 2)), "q": h.T @ e}
"""


def test_keys_that_name_no_array_leave_a_doubt_of_whose_gradients_theirs_are():
    assert checked(ROW)[0].right
    (reading,), _ = read(ROW.replace("h.T @ e", "2 * h.T @ e"))
    assert not reading.text
    assert checked(ROW.replace('"first"', '"U"').replace('"q": ', '"v": 2 * '))[0].verdict == "wrong"


NAMED = """
class Dense:
    def __init__(self, name, size):
        self.name = name
        self.parameters = {f"{name}/W": np.random.randn(size, size)}
    def forward(self, x):
        return x @ self.parameters[f"{self.name}/W"]
    def back(self, x, dy, grads):
        grads[f"{self.name}/W"] = x.T @ dy
        return dy @ self.parameters[f"{self.name}/W"].T
class Gate:
    def __init__(self, dim):
        self.one, self.two = Dense("gate/one", dim), Dense("gate/two", dim)
    def forward(self, x):
        a, b = self.one.forward(x), self.two.forward(x)
        return a * b, (a, b)
    def backward(self, x, cache, dout, grads):
        a, b = cache
        return self.one.back(x, dout * b, grads) + self.two.back(x, dout * a, grads)
"""
LISTED = """
class Scale:
    def __init__(self, dim):
        self.gamma, self.beta = np.ones(dim), np.zeros(dim)
        self.params = [self.gamma, self.beta]
    def forward(self, x):
        self.x = x
        return self.gamma * x + self.beta
    def backward(self, dout):
        self.grads = [(dout * self.x).sum(axis=0), dout.sum(axis=0)]
        return dout * self.gamma
"""
BESIDE = """
class Slot:
    def __init__(self, value):
        self.value, self.dvalue = value, None
class Square:
    def __init__(self):
        self.slots = {}
    def forward(self, input=None):
        if input is not None:
            self.slots["input"] = Slot(input)
        self.output = self.slots["input"].value ** 2
        return self.output
    def backward(self, dout):
        self.slots["input"].dvalue = 2 * dout * self.slots["input"].value
"""


@pytest.mark.parametrize(
    ("text", "label", "part", "wrong"),
    [
        (NAMED, "Gate.forward / Gate.backward", "dout * b, grads", "dout * a, grads"),
        (
            LISTED,
            "",
            "[(dout * self.x).sum(axis=0), dout.sum(axis=0)]",
            "[dout.sum(axis=0), dout.sum(axis=0)]",
        ),
        (BESIDE, "", "2 * dout", "dout"),
    ],
)
def test_gradients_are_known_by_what_holds_their_arrays(text, label, part, wrong):
    outcome, reading = checked(text, label)
    assert outcome.right
    assert not reading.unchecked
    assert checked(text.replace(part, wrong), label)[0].verdict == "wrong"


IN_A_DATACLASS = """
from dataclasses import dataclass
@dataclass
class Params:
    W: np.ndarray
    b: np.ndarray
class Dense:
    def __init__(self, n_in, n_out):
        self.params = Params(np.random.randn(n_in, n_out), np.zeros(n_out))
    def forward(self, x):
        self.x = x
        return x @ self.params.W + self.params.b
    def backward(self, dout):
        self.grads = Params(self.x.T @ dout, dout.sum(axis=0))
        return dout @ self.params.W.T
"""


def test_parameters_may_be_the_fields_of_what_an_object_holds():
    outcome, reading = checked(IN_A_DATACLASS)
    assert outcome.right
    assert {"W", "b"} <= {*reading.arrays}


def test_what_holds_itself_is_looked_at_once():
    first, second = {"W": np.ones(2)}, {"b": np.ones(3)}
    first["next"], second["previous"] = second, first
    held = places.of_object(SimpleNamespace(nodes=[first, second]), "layer")
    assert {place.text for place in held} >= {"layer.nodes[0]['W']", "layer.nodes[1]['b']"}
    assert len(held) == 4
