"""Functions of one argument with their derivatives."""

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.recognition.layers.derivatives import with_derivatives
from chainrule.gradcheck.recognition.layers.pairs import layers_of
from support.adapters import defined
from support.recognising import row_and_check, rows

FUNCTIONS = """
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def SLOPE
    return DERIVATIVE
"""


def of_sigmoid(slope: str, derivative: str) -> str:
    return FUNCTIONS.replace("SLOPE", slope).replace("DERIVATIVE", derivative)


@pytest.mark.parametrize(
    "name",
    ["sigmoid_prime", "sigmoidDerivative", "d_sigmoid", "dSigmoid", "sigmoid_grad", "derivative_of_sigmoid"],
)
def test_a_derivative_is_known_by_its_name(name):
    file = defined(f"def sigmoid(x): return x\ndef {name}(x): return x\ndef sigmoid_of(x, y): return x")
    assert [(f.name, g.name) for f, g in with_derivatives(file)] == [("sigmoid", name)]


def test_in_a_class_it_need_not_say_of_what():
    text = "class Swish:\n    def activate(self, x): return x\n    def derivative(self, x): return x\n"
    assert [(f.name, g.name) for f, g in with_derivatives(defined(text))] == [("activate", "derivative")]


def test_beside_the_gradient_of_a_net_it_is_no_layer():
    text = "def sigmoid(x): return x\ndef sigmoid_prime(x): return x\n"
    assert len(layers_of(defined(text))) == 1
    assert layers_of(defined(f"{text}def backprop(W, X, y): return W\n")) == []


@pytest.mark.parametrize(
    ("slope", "derivative", "verdict"),
    [
        ("sigmoid_prime(x):", "sigmoid(x) * (1 - sigmoid(x))", "right"),
        ("sigmoid_prime(s):", "s * (1 - s)", "right"),
        ("sigmoid_prime(x):", "sigmoid(x) * (1 + sigmoid(x))", "wrong"),
        ("sigmoid_prime(s):", "s * (1 + s)", "wrong"),
    ],
)
def test_it_is_taken_at_the_inputs_or_at_the_outputs(slope, derivative, verdict):
    row, outcome = row_and_check(of_sigmoid(slope, derivative))
    assert row.gradient == "sigmoid / sigmoid_prime"
    assert outcome.verdict == verdict


@pytest.mark.parametrize(
    "text",
    [
        # The diagonal of the Jacobian may be all that was meant.
        "def softmax(x):\n    e = np.exp(x)\n    return e / e.sum(axis=1, keepdims=True)\n"
        "def softmax_prime(x):\n    return softmax(x) * (1 - softmax(x))\n",
        # Of the error y - p, the derivative by p.
        "class HalfSquares:\n    def evaluate(self, x): return 0.5 * np.mean(np.sum(x * x, axis=1))\n"
        "    def derivative(self, x): return -x\n",
    ],
)
def test_what_may_be_meant_otherwise_is_not_called_wrong(text):
    with pytest.raises(CheckError):
        rows(f"import numpy as np\n{text}")


def test_one_that_a_flag_asks_for_is_held_against_the_rest():
    text = "import numpy as np\ndef tanh(x, deriv=False):\n    return SLOPE if deriv else np.tanh(x)\n"
    for slope, right in (("1 - np.tanh(x) ** 2", True), ("1 + np.tanh(x) ** 2", False)):
        row, check = row_and_check(text.replace("SLOPE", slope))
        assert row.gradient == "tanh / tanh_derivative"
        assert check.right == right
