"""Right programs of odd styles are right, and their wrong twins wrong."""

import numpy as np
import pytest

from chainrule.gradcheck import check_gradient
from support.points import verdict_of

RNG = np.random.default_rng(1)
X, LABELS, TRUTHS = RNG.standard_normal((9, 4)), RNG.integers(3, size=9), RNG.integers(2, size=9)
P = {"W": RNG.standard_normal((4, 3)), "b": RNG.standard_normal(3)}


def probabilities(p, X):
    e = np.exp(X @ p["W"] + p["b"])
    return e / e.sum(axis=1, keepdims=True)


def cost(p, X, y, lam):
    return -np.log(probabilities(p, X)[np.arange(len(y)), y]).mean() + lam * (p["W"] ** 2).sum()


def gradient(p, X, y, lam, times=2.0, kind=np.float64, G=None):
    G = probabilities(p, X) if G is None else G
    G[np.arange(len(y)), y] -= 1
    G /= len(y)
    dW, db = np.zeros(p["W"].shape, kind), np.zeros(p["b"].shape, kind)
    dW += X.T @ G
    db += G.sum(axis=0)
    return {"W": dW + times * lam * p["W"], "b": db}


def single(p, X, y, lam, times=2.0):
    """It sums up in single precision."""
    return gradient(p, X, y, lam, times, np.float32)


def single_told_double(p, X, y, lam, times=2.0):
    return {name: g.astype(np.float64) for name, g in single(p, X, y, lam, times).items()}


def shifting(s, y):
    """A loss that changes the scores it is given."""
    s -= s.max(axis=1, keepdims=True)
    np.exp(s, out=s)
    s /= s.sum(axis=1, keepdims=True)
    return -np.log(s[np.arange(len(y)), y]).mean()


def of_shifting(p, X, y, lam):
    return shifting(X @ p["W"] + p["b"], y) + lam * (p["W"] ** 2).sum()


def from_shifting(p, X, y, lam, times=2.0):
    s = X @ p["W"] + p["b"]
    shifting(s, y)
    return gradient(p, X, y, lam, times, G=s)


def normalised(function):
    """It normalises the inputs that it is given, in place."""

    def called(p, X, y, lam, *times):
        X -= X.mean(axis=0)
        X /= X.std(axis=0) + 1e-8
        return function(p, X, y, lam, *times)

    return called


KEPT = {}


def keeping(p, X, y, lam):
    KEPT.update(count=KEPT.get("count", 0) + 1, G=probabilities(p, X))
    return cost(p, X, y, lam)


def from_kept(p, X, y, lam, times=2.0):
    return gradient(p, X, y, lam, times, G=KEPT["G"].real.copy())


@pytest.mark.parametrize(
    ("own_cost", "own"),
    [
        (cost, single),
        (cost, single_told_double),
        (of_shifting, from_shifting),
        (normalised(cost), normalised(gradient)),
        (keeping, from_kept),
    ],
    ids=[
        "single precision",
        "told double",
        "shifts in place",
        "normalises in place",
        "keeps what gradient needs",
    ],
)
def test_a_right_program_is_right_and_its_wrong_twin_wrong(own_cost, own):
    outcome = check_gradient(own_cost, own, P, X, LABELS, 0.1)
    assert outcome.right, str(outcome)
    assert verdict_of(own_cost, lambda *a: own(*a, 1.0), P, (X, LABELS, 0.1)) == "wrong"


def sigmoid(p, X):
    return 1 / (1 + np.exp(-(X @ p["w"] + p["b"])))


def binary(p, X, y):
    S = sigmoid(p, X)
    return -np.mean(y * np.log(S) + (1 - y) * np.log(1 - S))


def of_binary(p, X, y, bias=np.sum):
    G = (sigmoid(p, X) - y) / len(y)
    return {"w": X.T @ G, "b": bias(G)}


@pytest.mark.parametrize("bias", [np.array(0.3), np.array([0.3])], ids=["a number", "one entry"])
def test_a_scalar_bias_and_weights_of_one_dimension_are_right_or_wrong(bias):
    p = {"w": P["W"][:, 0], "b": bias}
    assert check_gradient(binary, of_binary, p, X, TRUTHS).right
    outcome = check_gradient(binary, lambda *a: of_binary(*a, np.mean), p, X, TRUTHS)
    assert (outcome.verdict, outcome.causes[0].name) == ("wrong", "bias-mean-not-sum")
