"""One adapter, tried: it fits, or what it raises is kept."""

import itertools

import pytest

from chainrule.gradcheck.recognition.adapter_trials import AdapterTrials, NoPlainStepError
from chainrule.gradcheck.recognition.candidates import candidates
from chainrule.gradcheck.recognition.choices import by_gradient
from chainrule.gradcheck.recognition.requirements import OtherShapesError
from support.recognising import loaded, rows

NET = """
import numpy as np
def compute_cost(X, Y, W, b, lam):
    return np.sum((W @ X + b - Y) ** 2) / X.shape[1] + lam * np.sum(W ** 2)
def compute_gradients(X, Y, W, b, lam):
    G = 2 * (W @ X + b - Y) / X.shape[1]
    return G @ X.T + 2 * lam * W, G.sum(axis=1, keepdims=True)
"""


def tried(text):
    """The first adapter of a program, its trial, and what it raised."""
    file, names = loaded(text)
    trials, errors = AdapterTrials(file, names, {}, 0), []
    candidate = next(candidates(file, by_gradient(file)[0], {}))
    return trials.fitting(candidate, errors), errors, candidate.beginning in trials.failed


def test_an_adapter_that_fits_raises_nothing():
    fitting, errors, failed = tried(NET)
    assert fitting.fitness.best
    assert not errors
    assert not failed


@pytest.mark.parametrize("raising", ["W @ X + b - Y[0, 0, 0]", "len(W @ X) / 0 + b - Y"])
def test_what_does_not_run_is_not_begun_again(raising):
    fitting, errors, failed = tried(NET.replace("W @ X + b - Y", raising))
    assert fitting is None
    assert len(errors) == 1
    assert failed


WITHOUT_A_COST = """
import numpy as np
class Net:
    def __init__(self, sizes):
        self.W, self.b = np.zeros((sizes[1], sizes[0])), np.zeros((sizes[1], 1))
    def forward(self, X):
        return self.W @ X + self.b
    def backward(self, X, Y):
        G = self.forward(X) - Y
        return G @ X.T, G.sum(axis=1, keepdims=True)
"""


def test_arrays_that_are_none_of_the_files_are_tried_with_one_usual_cost():
    file, names = loaded(WITHOUT_A_COST)
    trials = AdapterTrials(file, names, {}, 0)
    refused = []
    for candidate in itertools.islice(candidates(file, by_gradient(file)[0], {}, trials.failed), 100):
        errors = []
        trials.fitting(candidate, errors)
        refused += [candidate.beginning for error in errors if isinstance(error, OtherShapesError)]
    assert refused
    assert len(refused) == len(set(refused))


ONE_OUTPUT = """
import numpy as np

class Net:
    def __init__(self, d, m, lr=0.1, l2=0.01):
        self.lr, self.l2 = lr, l2
        self.V, self.W = np.random.randn(d, m), np.random.randn(m, 1)

    def predict(self, X):
        self.H = np.tanh(X @ self.V)
        return 1 / (1 + np.exp(-self.H @ self.W))

    def loss(self, X, y):
        p = self.predict(X)
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)) + self.l2 * np.sum(self.W ** 2)

    def train_step(self, X, y):
        E = (self.predict(X) - y) / len(X)
        D = (E @ self.W.T) * (1 - self.H ** 2)
        self.W -= self.lr * (self.H.T @ E + 2 * self.l2 * self.W)
        self.V -= self.lr * (X.T @ D)
"""
TURNED = ONE_OUTPUT.replace("(self.predict(X) - y)", "(y - self.predict(X))")
STALE = ONE_OUTPUT.replace("        D = (E @ self.W.T) * (1 - self.H ** 2)\n", "").replace(
    "self.lr * (X.T @ D)", "self.lr * (X.T @ ((E @ self.W.T) * (1 - self.H ** 2)))"
)
AVERAGED = ONE_OUTPUT.replace("(self.predict(X) - y)", "0.9 * (self.predict(X) - y)")
BEGUN_ANEW = STALE.replace("l2\n", "l2\n        self.shapes = (d, m), (m, 1)\n", 1).replace(
    "        E =", "        self.V, self.W = (np.ones(shape) for shape in self.shapes)\n        E ="
)

MOST_TRIED = 100


@pytest.mark.parametrize(
    ("text", "is_told"),
    [(ONE_OUTPUT, True), (TURNED, True), (STALE, True), (AVERAGED, False), (BEGUN_ANEW, False)],
)
def test_a_step_is_held_against_its_cost_unless_it_may_be_of_an_average_or_begin_anew(text, is_told):
    file, names = loaded(text)
    trials, errors = AdapterTrials(file, names, {}, 0), []
    every = itertools.islice(candidates(file, by_gradient(file)[0], {}), MOST_TRIED)
    fits = [fit for candidate in every if (fit := trials.fitting(candidate, errors)) is not None]
    assert any(fit.fitness.runs for fit in fits) is is_told
    assert is_told or any(isinstance(error, NoPlainStepError) for error in errors)


@pytest.mark.parametrize("text", [ONE_OUTPUT, TURNED, STALE])
def test_nets_with_one_output_are_taken_for_such_whether_or_not_they_are_right(text):
    (row,) = rows(text)
    assert not row.doubt
    assert any("labels 0 or 1" in note for note in row.notes)


def test_the_l2_that_an_object_keeps_is_set_with_the_data():
    (row,) = rows(ONE_OUTPUT)
    assert "cost=lambda net, X, y, l2: vars(net).update(l2=l2) or net.loss(X, y)" in row.text
