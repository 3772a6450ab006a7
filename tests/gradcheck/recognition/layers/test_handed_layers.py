"""Layers that are given others and have none in their file: simple ones stand in."""

import pytest

from chainrule.gradcheck.program.definitions import definitions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.layers.handed_layers import stand_in
from support.layers import checked, read

LIST = """
class Sequential:
    def __init__(self, layers):
        self.layers = layers
    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x
    def backward(self, grad, lr=0.1):
        for layer in reversed(self.layers):
            grad = layer.backward(grad, lr)
        return grad
"""
STARRED = LIST.replace("self, layers", "self, *layers").replace("layer.forward(x)", "layer(x)")
ADDED = LIST.replace("self, layers", "self").replace("= layers\n", "= []\n") + (
    "    def add(self, layer):\n        self.layers.append(layer)\n"
)
COUNTED = LIST.replace("for layer in reversed(self.layers)", "for i in (1, 0)").replace(
    "layer.backward(grad, lr)", "self.layers[i].backward(grad)"
)
ONE = """
class Residual:
    def __init__(self, inner):
        self.inner = inner
    def forward(self, x):
        return x + self.inner.forward(x)
    def backward(self, grad):
        return grad + self.inner.backward(grad)
"""


@pytest.mark.parametrize(
    ("text", "part", "wrong"),
    [
        (LIST, "reversed(self.layers)", "self.layers"),
        (STARRED, "reversed(self.layers)", "self.layers"),
        (ADDED, "reversed(self.layers)", "self.layers"),
        (COUNTED, "(1, 0)", "(0, 1)"),
        (ONE, "return grad +", "return 1 +"),
    ],
)
def test_what_goes_through_layers_is_right_and_its_twin_wrong(text, part, wrong):
    outcome, reading = checked(text)
    assert outcome.right
    assert "Square()" in reading.notes[0]
    assert "lambda" not in reading.notes[0]
    assert "stand in" in reading.notes[1]
    assert text.count(part) == 1
    assert checked(text.replace(part, wrong))[0].verdict == "wrong"


GIVES_NOTHING = LIST.replace(
    "            grad = layer.backward(grad, lr)\n        return grad\n",
    ("            grad = layer.backward(grad, lr)\n"),
)
OTHERWISE_CALLED = (
    LIST.replace("layers", "architecture")
    .replace(".forward(x)", ".feed_forward(x)")
    .replace(".backward(grad", ".back_propagate(grad")
)


@pytest.mark.parametrize(
    ("text", "part", "wrong"),
    [
        (GIVES_NOTHING, "reversed(self.layers)", "self.layers"),
        (GIVES_NOTHING, "            grad = layer.backward", "            layer.backward"),
        (GIVES_NOTHING, "layer.backward(grad, lr)", "layer.backward(grad, lr) / 2"),
        (OTHERWISE_CALLED, "reversed(self.architecture)", "self.architecture"),
        (OTHERWISE_CALLED, "return grad", "return grad / 2"),
    ],
)
def test_a_net_may_give_nothing_and_call_passes_otherwise(text, part, wrong):
    outcome, reading = checked(text)
    assert outcome.right
    assert not reading.unchecked
    assert text.count(part) == 1
    assert checked(text.replace(part, wrong))[0].verdict == "wrong"


def test_a_number_of_layers_is_none():
    text = LIST.replace("self, layers", "self, architecture, n_layers").replace("= layers", "= architecture")
    assert checked(text)[0].right


def test_layers_that_get_their_inputs_again_have_no_stand_in():
    ((reading,), _) = read(ONE.replace("self.inner.backward(grad)", "self.inner.backward(grad, grad)"))
    assert not reading.text


def test_layers_of_the_file_come_first():
    relu = "class ReLU:\n    def forward(self, x):\n        self.x = x\n        return np.maximum(x, 0)\n"
    relu += "    def backward(self, grad):\n        return grad * (self.x > 0)\n"
    held = relu + LIST.replace("(grad, lr)", "(grad)")
    assert "ReLU(), ReLU()" in checked(held, "Sequential.forward / Sequential.backward")[1].notes[0]


def test_a_function_of_no_class_is_handed_none():
    assert stand_in("W", "", definitions(Source((Part("net.py", "def f(W):\n    return W\n"),)))) == ""


TWO = """
class Gated:
    def __init__(self, gate, body):
        self.gate, self.body = gate, body
    def forward(self, x):
        self.a, self.b = self.gate.forward(x), self.body.forward(x)
        return self.a * self.b
    def backward(self, grad):
        return self.gate.backward(grad * self.b) + self.body.backward(grad * self.a)
"""
CHAIN = """
class Chain:
    def __init__(self, first, second):
        self.first, self.second = first, second
    def forward(self, x):
        return x + self.second.forward(self.first.forward(x))
    def backward(self, grad):
        return grad + self.first.backward(self.second.backward(grad))
"""
FACTOR = """
class Scaled:
    def __init__(self, inner):
        self.inner, self.alpha = inner, np.linspace(1, 2, 6)
    def forward(self, x):
        return x + self.alpha * self.inner.forward(x)
    def backward(self, grad):
        return grad + self.inner.backward(self.alpha * grad)
"""
TANH = """
class Tanh:
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y
    def backward(self, grad):
        return grad * (1 - self.y**2)
"""


@pytest.mark.parametrize(
    ("text", "part", "wrong"),
    [
        (
            TWO,
            "grad * self.b) + self.body.backward(grad * self.a",
            "grad * self.a) + self.body.backward(grad * self.b",
        ),
        (
            CHAIN,
            "self.first.backward(self.second.backward(grad))",
            "self.second.backward(self.first.backward(grad))",
        ),
        (CHAIN, "self.second.backward(grad)", "grad"),
        (FACTOR, "self.inner.backward(self.alpha * grad)", "self.alpha * self.inner.backward(grad)"),
    ],
)
def test_each_argument_has_a_layer_of_its_own_that_mixes_entries(text, part, wrong):
    label = text.split()[1].rstrip(":")
    label = f"{label}.forward / {label}.backward"
    for own in ("", TANH):
        assert checked(own + text, label)[0].right
        assert checked(own + text.replace(part, wrong), label)[0].verdict == "wrong"


def test_layers_are_handed_to_what_goes_through_them_whatever_it_calls_them():
    text = """
class Chain:
    def __init__(self, items):
        self.items = list(items)
    def forward(self, x):
        for item in self.items:
            x = item.forward(x)
        return x
    def backward(self, dy):
        for item in reversed(self.items):
            dy = item.backward(dy)
        return dy
"""
    assert checked(text)[0].right
    assert checked(text.replace("in reversed(self.items)", "in self.items"))[0].verdict == "wrong"
