"""Losses whose derivative is a method or function of another name."""

import pytest

from chainrule.gradcheck.recognition.layers.pairs import layers_of
from support.adapters import defined
from support.cost_programs import COST_PROGRAMS
from support.layers import checked, read

LOSS = """
class SquaredError:
    def calculate(self, y_true, y_pred):
        return np.mean((y_true - y_pred) ** 2)
    def derivative(self, y_true, y_pred):
        return 2 * (y_pred - y_true) / y_true.size
"""
FUNCTIONS = """
def mse(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2)
def mse_prime(y_true, y_pred):
    return 2 * (y_pred - y_true) / y_true.size
"""
PLAIN = FUNCTIONS.replace("mse_prime", "loss_derivative").replace("mse", "loss_function")
RETURNED = "\ndef square():" + FUNCTIONS.replace("\n", "\n    ") + "return mse, mse_prime\n"
RIGHT_AND_WRONG = "(y_pred - y_true)", "(y_true - y_pred)"
LOSSES = {
    "methods": (LOSS, *RIGHT_AND_WRONG),
    "functions": (FUNCTIONS, *RIGHT_AND_WRONG),
    "a loss and its derivative": (PLAIN, *RIGHT_AND_WRONG),
    "returned": (RETURNED, *RIGHT_AND_WRONG),
}


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("name", LOSSES)
def test_losses_are_right_or_wrong(name, wrong):
    text, right_part, wrong_part = LOSSES[name]
    assert text.count(right_part) == 1
    outcome, reading = checked(text.replace(right_part, wrong_part) if wrong else text)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text


def test_what_several_functions_return_under_the_same_names_is_a_layer_for_each():
    others = (
        RETURNED.replace("square", "twice")
        .replace("mean(", "mean(2 * ")
        .replace("2 * (y_pred", "4 * (y_pred")
    )
    file = defined(RETURNED + others)
    assert [layer.label for layer in layers_of(file)] == ["mse / mse_prime", "twice_mse / twice_mse_prime"]
    assert [reading.why for reading in read(RETURNED + others)[0]] == ["", ""]


def test_a_function_that_is_defined_again_returns_the_same():
    assert len(layers_of(defined(RETURNED + RETURNED))) == 1


def test_what_a_function_makes_of_its_arguments_is_no_layer():
    file = defined(RETURNED.replace("square()", "square(scale)"))
    assert layers_of(file) == []


@pytest.mark.parametrize("factor", [7, 3, 21])
def test_a_loss_whose_mean_may_be_taken_elsewhere_is_not_wrong(factor):
    (reading,), _ = read(LOSS.replace("2 *", f"{factor} * 2 *"))
    assert not reading.text
    assert f"its gradient is that of the loss times {factor}," in reading.why


def test_what_is_called_like_a_rate_is_an_array_where_something_of_it_is_looked_at():
    text = """
class Scale:
    def forward(self, x):
        return 3 * x
    def backward(self, eta):
        return 3 * eta.reshape(eta.shape)
"""
    assert checked(text)[0].right
    assert not read(text.replace("3 * eta", "2 * eta"))[0][0].text, "a guess convicts nobody"


@pytest.mark.parametrize(
    "name", ["mse_grad", "mse_loss_grad", "grad_mse", "derivative_of_mse", "d_mse", "mse_delta"]
)
def test_a_loss_and_its_derivative_are_told_by_the_words_that_they_share(name):
    text = "def mae_loss(y, p): return 1\ndef mse_loss(y, p): return 1\n"
    pairs = layers_of(defined(f"{text}def {name}(y, p): return p\n"))
    assert [pair.label for pair in pairs] == [f"mse_loss / {name}"]


def test_names_that_say_of_no_loss_share_nothing():
    text = "def cost(X, y): return 1\ndef gradient(X, y): return X\ndef get_loss_grad(X, y): return X\n"
    assert not layers_of(defined(text))


def test_a_method_that_goes_down_a_gradient_is_no_derivative():
    text = "class Net:\n    def loss(self, X, y): return 1\n    def gradient_descent(self, X, y): return X\n"
    assert not layers_of(defined(text))


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("name", COST_PROGRAMS)
def test_a_gradient_that_takes_what_its_cost_takes_is_right_or_wrong(name, wrong):
    text, right_part, wrong_part = COST_PROGRAMS[name]
    head, part, tail = text.rpartition(right_part)
    assert part
    outcome, reading = checked(f"{head}{wrong_part}{tail}" if wrong else text)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text
    assert not reading.unchecked


STATES = """
class Zelle:
    def __init__(self, eingang, groesse):
        self.W = {k: np.random.randn(eingang + groesse, groesse) for k in ("g", "z")}
        self.groesse = groesse
    def vorwaerts(self, x):
        self.kette, h = [], np.zeros((x.shape[0], self.groesse))
        for t in range(x.shape[1]):
            e = np.concatenate([x[:, t], h], axis=1)
            z, g = 1 / (1 + np.exp(-e @ self.W["z"])), np.tanh(e @ self.W["g"])
            self.kette.append((e, h, z, g))
            h = (1 - z) * h + z * g
        return h
    def rueckwaerts(self, dh):
        self.dW = {k: np.zeros_like(v) for k, v in self.W.items()}
        for e, h, z, g in self.kette[::-1]:
            dz, dg = dh * (g - h) * z * (1 - z), dh * z * (1 - g * g)
            self.dW["z"] += e.T @ dz
            self.dW["g"] += e.T @ dg
            de = dz @ self.W["z"].T + dg @ self.W["g"].T
            dh = dh * (1 - z) + de[:, -self.groesse:]
        return dh
"""


def test_what_a_recurrent_layer_gives_may_be_its_states_gradient_and_a_key_g_a_gate():
    outcome, reading = checked(STATES)
    assert outcome.right
    assert not reading.unchecked
    assert {tensor.name for tensor in outcome.tensors} == {"g", "z"}
    assert checked(STATES.replace("(1 - g * g)", "(1 - g)"))[0].verdict == "wrong"
