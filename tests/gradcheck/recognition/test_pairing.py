"""Which functions of a file may belong together."""

import pytest

from chainrule.gradcheck.recognition.pairing import (
    beside,
    gives_both,
    knows_labels,
    lacks_l2,
    named,
    passes_for,
)
from support.adapters import defined

FILE = """
class Net:
    def forward(self, X): return X @ self.W
    def backward(self, Y): return self.X.T @ Y
class Other:
    def backward(self, Y): return Y
def loss(P, Y): return P
def gradient(P, Y): return Y
net = Net()
loss(net.forward(X), Y)
"""


def function(text, name):
    return next(f for f in defined(text).functions if f.name == name)


def test_a_function_stands_beside_functions_and_the_object_whose_output_it_takes():
    file = defined(FILE)
    loss = file.named("loss")
    assert {f.shown for f in beside(file, loss, file.functions)} == {
        "Net.forward",
        "Net.backward",
        "gradient",
    }
    assert [f.shown for f in passes_for(file, loss)] == ["Net.forward"]
    assert {f.shown for f in beside(file, file.named("backward", "Other"), file.functions)} == {
        "loss",
        "gradient",
    }


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("def loss(W, X): return loss, dW", True),
        ("def loss_and_gradient(W, X): return float(x), dW, db", True),
        ("def loss_and_gradient(W, X): return x, dW", False),
        ("def train(W, X, learning_rate): return loss, dW", False),
        ("def loss(W, X): return loss, P", False),
        ("def propagate(W, X): return {'dw': dw, 'db': db}, np.squeeze(cost)", True),
        ("def propagate(W, X): return {'A': A}, np.squeeze(cost)", False),
    ],
)
def test_what_gives_both_says_so(text, both):
    assert gives_both(defined(text).functions[0]) is both


def test_a_gradient_that_takes_l2_beside_a_cost_that_does_not():
    file = defined(
        "def cost(W, X): return W\ndef gradient(W, X, lam): return W\ndef full(W, X, lam): return W"
    )
    assert lacks_l2(file, file.named("cost"), file.named("gradient"))
    assert not lacks_l2(file, file.named("full"), file.named("gradient"))


def test_what_is_called_a_cost_may_know_no_labels():
    file = defined("def softmax(s): return s\ndef loss(W, X, y): return W")
    assert not knows_labels(file, file.named("softmax"))
    assert knows_labels(file, file.named("loss"))


def test_a_gradient_that_steps_and_calls_the_cost_is_the_numeric_one_beside_a_derived():
    text = (
        "def cost(W, X): return W\ndef gradient(W, X): return W\ndef grads(W, X, h): return cost(W + 1e-6, X)"
    )
    assert [f.name for f in named(defined(text), "numeric")] == ["grads"]
    assert [f.name for f in named(defined(text), "gradient")] == ["gradient"]


@pytest.mark.parametrize(
    ("method", "is_gradient"),
    [
        ("def update_gradients(self, X): self.grads['W'] = X", True),
        ("def update_grads(W, X): dW = X @ W; return dW", True),
        ("def update_gradients(self, rate): self.W -= rate * self.dW", False),
        ("def gradient_update(self, X): self.dW = X", False),
    ],
)
def test_a_function_brings_gradients_up_to_date_if_it_makes_them(method, is_gradient):
    text = f"class Net:\n    {method}" if "self" in method else method
    assert bool(named(defined(text), "gradient")) is is_gradient


def test_what_holds_two_costs_of_each_round_against_each_other_is_numeric():
    text = """
def net(X, Y, W): return P, loss
def compute_gradients(X, Y, W): return X @ (W - Y)
def computeGradByHand(X, Y, W):
    for i in range(3):
        P, first = net(X, Y, W)
        P, second = net(X, Y, W)
        dW = first - second
    return dW
"""
    assert [f.name for f in named(defined(text), "gradient")] == ["compute_gradients"]
    assert [f.name for f in named(defined(text), "numeric")] == ["computeGradByHand"]
    assert len(named(defined(text.replace("P, second = net(X, Y, W)", "second = 0")), "gradient")) == 2


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("g += compute_cost(W + 1e-6, X) - compute_cost(W - 1e-6, X)", "numeric"),
        (
            "ahead, _ = compute_cost(W + 1e-6, X)\n        g += (ahead - compute_cost(W - 1e-6, X)) / 2",
            "numeric",
        ),
        ("if compute_cost(W, X) > 0: g += 2 * compute_cost(W, X) * X", "gradient"),
    ],
)
def test_costs_that_are_subtracted_in_a_loop_make_a_gradient_numeric(line, kind):
    text = "def compute_cost(W, X): ...\ndef compute_gradient(W, X): ...\n"
    text += f"def slopes_gradient(W, X):\n    for i in range(3):\n        {line}\n    return g\n"
    assert "slopes_gradient" in [f.name for f in named(defined(text), kind)]
