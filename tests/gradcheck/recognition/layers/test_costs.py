"""Costs beside functions that give their gradients, and functions that give both."""

import pytest

from chainrule.gradcheck.recognition.layers.costs import costs_with_gradients, losses_with_gradients
from support.adapters import defined
from support.cost_programs import COST_PROGRAMS
from support.layers import checked


@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("name", COST_PROGRAMS)
def test_a_gradient_that_takes_what_its_cost_takes_is_right_or_wrong(name, wrong):
    text, right_part, wrong_part = COST_PROGRAMS[name]
    head, part, tail = text.rpartition(right_part)
    assert part
    outcome, reading = checked(f"{head}{wrong_part}{tail}" if wrong else text)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text
    assert not reading.unchecked


NET = """
class Net:
    def __init__(self, n_in, classes):
        self.params = {"W": np.random.randn(n_in, classes), "b": np.zeros(classes)}
    def norm(self, x, g):
        s = np.sqrt((x ** 2).mean(0) + 1)
        return g * x / s, (x, s, g)
    def loss(self, X, y):
        return self.loss_and_grads(X, y)[0]
    def loss_and_grads(self, X, y):
        z, kept = self.norm(X, 1.0)
        p = np.exp(z @ self.params["W"] + self.params["b"])
        p /= p.sum(1, keepdims=True)
        loss = -np.log(p[np.arange(len(y)), y]).mean()
        d = p.copy()
        d[np.arange(len(y)), y] -= 1
        grads = {"W": z.T @ d / len(y), "b": d.mean(0)}
        return loss, grads
Net(5, 2)
"""


def test_the_loss_beside_its_gradients_is_none_of_them_and_methods_it_calls_are_checked_with_it():
    outcome, _ = checked(NET)
    assert outcome.right
    assert {tensor.name for tensor in outcome.tensors} == {"W", "b"}
    assert checked(NET.replace("d.mean(0)", "d.sum(0)"))[0].verdict == "wrong"


def test_what_gives_both_stands_alone_and_a_cost_beside_its_gradient():
    file = defined(
        "def f(w):\n    loss, dw = 1, w\n    return loss, dw\ndef cost(w): return 1\ndef grad(w): return w"
    )
    assert [pair.label for pair in losses_with_gradients(file)] == ["f"]
    assert [pair.label for pair in costs_with_gradients(file)] == ["cost / grad"]
