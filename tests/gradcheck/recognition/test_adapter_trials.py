"""One adapter, tried: it fits, or what it raises is kept."""

import itertools

import pytest

from chainrule.gradcheck.recognition.adapter_trials import AdapterTrials
from chainrule.gradcheck.recognition.candidates import candidates
from chainrule.gradcheck.recognition.choices import by_gradient
from chainrule.gradcheck.recognition.requirements import OtherShapesError
from support.recognising import loaded

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
