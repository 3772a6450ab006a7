"""Costs beside functions that give their gradients, and functions that give both."""

import pytest

from chainrule.gradcheck.recognition.layers.costs import costs_with_gradients, losses_with_gradients
from support.adapters import defined
from support.cost_programs import COST_PROGRAMS, MIXTURE
from support.layers import checked, read


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


GUESSED = """
def misfit(w, X, y):
    return np.sum((X @ w - y) ** 2)
def gradient(w, X, y):
    return 2 * X.T @ (X @ w - y)
"""


def test_what_takes_the_same_may_be_the_cost_where_it_is_the_only_one():
    file = defined(GUESSED)
    (pair,) = costs_with_gradients(file)
    assert (pair.label, pair.is_guessed) == ("misfit / gradient", True)
    assert checked(GUESSED)[0].right
    other = GUESSED + "def accuracy(w, X, y):\n    return np.mean(X @ w > y)"
    assert costs_with_gradients(defined(other)) == []


def test_what_is_guessed_to_be_the_cost_convicts_nobody_of_a_gradient_that_agrees_nowhere():
    (reading,), _ = read(GUESSED.replace("return 2 * X.T", "return -2 * X.T"))
    assert not reading.text


TERM = """
def misfit(X, y, W, b):
    return 0.5 * np.sum((X @ W + b - y) ** 2)
def gradient(X, y, W, b):
    r = X @ W + b - y
    return X.T @ r + W, r.sum(axis=0)
"""


def test_nor_of_one_that_agrees_in_part_as_it_may_be_a_term_of_the_cost():
    (reading,), _ = read(TERM)
    assert not reading.text
    assert "not all of its gradients agree" in reading.why
    assert checked(TERM.replace(" + W", ""))[0].right


REWARD = """
class Linear:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out)
    def reward(self, X, y):
        return -0.5 * np.sum((X @ self.W - y) ** 2)
    def gradient(self, X, y):
        return {"W": X.T @ (X @ self.W - y)}
"""


def test_nor_does_what_a_method_gives_with_the_other_sign():
    assert not any(reading.text for reading in read(REWARD)[0])


def test_a_cost_of_any_name_is_told_by_that_of_its_gradient():
    file = defined("def psi(w, x): return w\ndef psi_grad(w, x): return w\ndef d_f(w, x): return w")
    assert [pair.label for pair in costs_with_gradients(file)] == ["psi / psi_grad"]


def test_what_stands_at_no_known_place_of_a_gradient_is_not_checked():
    text = GUESSED.replace("misfit(", "cost(").replace("return 2 *", "dw = 2 *")
    text += "    return dw, np.ones((3, 4)), np.ones((4, 3))\n"
    (reading,), _ = read(text)
    assert reading.text
    assert any(unchecked == "what gradient gives at [1]" for unchecked in reading.unchecked)


def test_what_is_given_apart_with_more_axes_than_its_own_convicts_nobody():
    head, _, tail = MIXTURE.partition("def neg_log_lik(")
    apart = (head + "def neg_log_lik(" + tail).replace("(params, X)", "(mu, log_sd, logits, X)")
    outcome, reading = checked(apart.replace("    mu, log_sd, logits = params\n", ""))
    assert outcome.right, reading.text


def test_what_gives_both_stands_alone_and_a_cost_beside_its_gradient():
    file = defined(
        "def f(w):\n    loss, dw = 1, w\n    return loss, dw\ndef cost(w): return 1\ndef grad(w): return w"
    )
    assert [pair.label for pair in losses_with_gradients(file)] == ["f"]
    assert [pair.label for pair in costs_with_gradients(file)] == ["cost / grad"]


def test_of_what_says_which_entries_count_it_is_said_that_other_weights_were_not_tried():
    (reading,), _ = read(COST_PROGRAMS["factors"][0])
    assert "M holds zeros and ones, which say what counts: other weights were not tried" in reading.notes
