"""Losses whose derivative is a method or function of another name."""

import pytest

from chainrule.gradcheck.recognition.layers.costs import costs_with_gradients
from chainrule.gradcheck.recognition.layers.losses import (
    gives_loss_and_gradient,
    has_own_words,
    is_gradient_named,
    says_forward,
)
from chainrule.gradcheck.recognition.layers.pairs import layers_of
from support.adapters import defined
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
    outcome, reading = checked(LOSS.replace("2 *", f"{factor} * 2 *"))
    assert outcome.right
    assert reading.unchecked == (f"the division by {factor}, which the loss has and its gradient has not",)


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


CALLED = """
class LogisticLoss:
    def __call__(self, logits, targets):
        self.p, self.t = 1 / (1 + np.exp(-logits)), targets
        return np.mean(np.logaddexp(0, logits) - logits * targets)
    def grad(self):
        return (self.p - self.t) / self.t.size
"""


def test_a_loss_that_is_called_as_an_object_gives_its_gradient_without_being_given_anything():
    assert checked(CALLED)[0].right
    assert checked(CALLED.replace("self.p - self.t", "self.t - self.p"))[0].verdict == "wrong"


def test_losses_are_told_in_every_language():
    text = "class Netz:\n    def 损失(self, X, y): return 1\n    def 损失和梯度(self, X, y): return 1, X\n"
    assert [pair.label for pair in layers_of(defined(text))] == ["Netz.损失 / Netz.损失和梯度"]


def test_names_say_what_functions_are():
    (both,) = defined("def loss_layer(x, y):\n    loss, dx = 1, x\n    return loss, dx").functions
    assert gives_loss_and_gradient(both)
    assert is_gradient_named("x", "dx")
    assert [says_forward(name) for name in ("vorwaerts", "順伝播", "backward")] == [True, True, False]
    assert [has_own_words(name) for name in ("mse_loss", "get_loss_grad")] == [True, False]


STEPS = """
class StepwiseLoss:
    def forward(self, xs, ts):
        N, T, V = xs.shape
        flat = xs.reshape(N * T, V)
        e = np.exp(flat - flat.max(axis=1, keepdims=True))
        self.p, self.t = e / e.sum(axis=1, keepdims=True), ts.reshape(N * T)
        self.shape = xs.shape
        return -np.log(self.p[np.arange(N * T), self.t]).mean()
    def backward(self, dout=1):
        d = self.p.copy()
        d[np.arange(len(d)), self.t] -= 1
        return (dout * d / len(d)).reshape(self.shape)
"""
PICKED = """
class Chance:
    def forward(self, x, t):
        y = 1 / (1 + np.exp(-x))
        self.d = (y - t) / len(t)
        return -np.mean(np.log(np.c_[1 - y, y][np.arange(len(t)), t]))
    def backward(self):
        return self.d
"""


@pytest.mark.parametrize(("text", "part", "wrong"), [(STEPS, "-= 1", "-= 2"), (PICKED, "(y - t)", "(t - y)")])
def test_losses_of_sequences_and_of_picked_chances_are_right_and_their_twins_wrong(text, part, wrong):
    assert checked(text)[0].right
    assert checked(text.replace(part, wrong))[0].verdict == "wrong"


@pytest.mark.parametrize(("name", "pairs"), [("gradient", 1), ("check_grad", 0), ("compare_gradients", 0)])
def test_what_checks_gradients_is_none_of_a_loss(name, pairs):
    methods = (
        f"    def loss(self, X, Y):\n        return X.sum()\n    def {name}(self, X, Y):\n        return Y\n"
    )
    file = defined(f"class Net:\n{methods}")
    assert len(layers_of(file) or costs_with_gradients(file)) == pairs


WEIGHTED = """
def softmax_loss(x, y, {name}):
    logp = x - x.max(axis=1, keepdims=True)
    logp = logp - np.log(np.exp(logp).sum(axis=1, keepdims=True))
    n = len(x)
    w = {weights}
    loss = -(w * logp[np.arange(n), y]).sum() / n
    d = np.exp(logp)
    d[np.arange(n), y] -= 1
    return loss, d * w[:, None] / n
"""
MASKED = """
class MaskedError:
    def forward(self, pred, target, mask):
        self.diff, self.mask = pred - target, mask
        return 0.5 * np.sum(mask * self.diff ** 2) / pred.shape[0]
    def backward(self):
        return self.mask * self.diff / self.diff.shape[0]
"""


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        (WEIGHTED.format(name="sample_weight", weights="sample_weight"), " * w[:, None]"),
        (WEIGHTED.format(name="class_weights", weights="class_weights[y]"), " * w[:, None]"),
        (MASKED, "self.mask * "),
    ],
)
def test_a_gradient_that_leaves_out_how_much_each_sample_counts_is_wrong(text, factor):
    """Layouts in which nothing says so, one sample or a sum over masks of ones, excuse it no more."""
    assert checked(text)[0].right
    head, _, tail = text.rpartition(factor)
    assert checked(head + tail)[0].verdict == "wrong"
