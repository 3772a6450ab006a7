"""Costs whose logarithm is kept from 0: their right gradients are right, and the wrong ones wrong."""

import numpy as np
import pytest

from chainrule.gradcheck import check_gradient

RNG = np.random.default_rng(5)
X, LABELS = RNG.standard_normal((9, 4)), RNG.integers(2, size=9)
P = {"w": 3 * RNG.standard_normal(4), "b": np.array(0.3)}
FAR = P | {"w": 2 * P["w"]}
"""Weights so large that probabilities meet a bound."""
DIFFERS = "by which it differs from its gradient by"


def sigmoid(p, X):
    return 1 / (1 + np.exp(-(X @ p["w"] + p["b"])))


def added(p, X, y):
    S = sigmoid(p, X)
    return -np.mean(y * np.log(S + 1e-6) + (1 - y) * np.log(1 - S + 1e-6))


def added_in_place(p, X, y):
    S = np.where(y, sigmoid(p, X), 1 - sigmoid(p, X))
    S += 1e-6
    return -np.mean(np.log(S))


def in_a_loop(p, X, y):
    total = 0.0
    for probability, label in zip(sigmoid(p, X), y, strict=True):
        total -= np.log(probability + 1e-6) if label else np.log(1 - probability + 1e-6)
    return total / len(y)


def bounded(p, X, y):
    z = X @ p["w"] + p["b"]
    S = 1 / (1 + np.exp(np.where(y, -z, z)))
    return -np.mean(np.log(np.clip(S, 5e-6, 1 - 5e-6)))


def gradient(p, X, y, change=1.0):
    G = (sigmoid(p, X) - y) / len(y)
    return {"w": change * X.T @ G, "b": G.sum()}


@pytest.mark.parametrize(
    ("cost", "parameters", "words"),
    [
        (added, P, f"the cost adds 1e-06 inside its logarithm, {DIFFERS}"),
        (added_in_place, P, f"the cost adds 1e-06 inside its logarithm, {DIFFERS}"),
        (in_a_loop, P, f"the cost adds 1e-06 inside its logarithm, {DIFFERS}"),
        (bounded, FAR, f"the cost bounds what its logarithm is taken of, {DIFFERS}"),
    ],
    ids=["added", "in place", "in a loop", "bounded"],
)
def test_a_right_gradient_of_a_guarded_cost_is_right_and_a_wrong_one_is_not(cost, parameters, words):
    outcome = check_gradient(cost, gradient, parameters, X, LABELS)
    assert outcome.right, str(outcome)
    assert {tensor.verdict for tensor in outcome.tensors} == {"right"}
    assert any(note.startswith(words) for note in outcome.notes)
    for change in (0.5, 1 + 1e-5):
        # The second is off by as little as the guard makes it.
        assert not check_gradient(cost, lambda *a, c=change: gradient(*a, c), parameters, X, LABELS).right


def test_a_small_number_that_is_no_guard_makes_a_gradient_suspect():
    def shifted(p, X, y):
        S = sigmoid(p, X) + 1e-6 * p["b"]
        return -np.mean(y * np.log(S) + (1 - y) * np.log(1 - S)) + 1e-5 * p["b"]

    assert not check_gradient(shifted, gradient, P, X, LABELS).right
