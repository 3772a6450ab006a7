"""Costs whose logarithm is kept from 0: their right gradients are right, and the wrong ones wrong."""

import numpy as np
import pytest

from chainrule.gradcheck import check_gradient

RNG = np.random.default_rng(5)
X, LABELS = RNG.standard_normal((9, 4)), RNG.integers(2, size=9)
HOT = np.eye(3)[RNG.integers(3, size=9)]
P = {"W1": RNG.standard_normal((4, 5)), "b1": RNG.standard_normal(5), "W2": RNG.standard_normal((5, 3))}
ONE = {"w": 3 * RNG.standard_normal(4), "b": 0.3}


def hidden(p, X):
    return np.tanh(X @ p["W1"] + p["b1"])


def probabilities(p, X):
    e = np.exp(hidden(p, X) @ p["W2"])
    return e / e.sum(axis=1, keepdims=True)


def of_softmax(guarded):
    """A net with tanh, which no form reads; ``guarded`` is the logarithm."""
    return lambda p, X, Y, lam: (
        -(Y * guarded(probabilities(p, X))).sum() / len(X) + lam * (p["W2"] ** 2).sum()
    )


def gradient(p, X, Y, lam, times=2):
    h, G = hidden(p, X), (probabilities(p, X) - Y) / len(X)
    d = G @ p["W2"].T * (1 - h**2)
    return {"W1": X.T @ d, "b1": d.sum(axis=0), "W2": h.T @ G + times * lam * p["W2"]}


def halved(p, X, Y, lam):
    return gradient(p, X, Y, lam, times=1)


def bounded(P):
    return np.log(np.clip(P, 5e-6, 1 - 5e-6))


def test_a_right_gradient_of_a_guarded_cost_is_right_and_a_wrong_one_wrong():
    guarded = of_softmax(lambda P: np.log(np.add(P, 1e-6, out=P)))
    outcome = check_gradient(guarded, gradient, P, X, HOT, 0.1)
    assert outcome.right, str(outcome)
    (said,) = [note for note in outcome.notes if "logarithm" in note]
    assert said.startswith(
        "the cost adds 1e-06 inside its logarithm, by which it differs from its gradient by "
    )
    assert {tensor.verdict for tensor in outcome.tensors} == {"right"}
    assert check_gradient(guarded, halved, P, X, HOT, 0.1).verdict == "wrong"


def far(p):
    """Weights so large that some probabilities meet the bounds."""
    return p | {"W2": 6 * p["W2"]}


def test_a_bound_that_is_met_is_said():
    outcome = check_gradient(of_softmax(bounded), gradient, far(P), X, HOT, 0.1)
    assert outcome.right, str(outcome)
    assert any("the cost bounds what its logarithm is taken of" in note for note in outcome.notes)
    assert check_gradient(of_softmax(bounded), halved, far(P), X, HOT, 0.1).verdict == "wrong"


def sigmoid(p, X):
    return 1 / (1 + np.exp(-(X @ p["w"] + p["b"])))


def binary(p, X, y):
    P = sigmoid(p, X)
    return -np.mean(y * np.log(P + 1e-6) + (1 - y) * np.log(1 - P + 1e-6))


def in_a_loop(p, X, y):
    total = 0.0
    for probability, label in zip(sigmoid(p, X), y, strict=True):
        total -= np.log(probability + 1e-6) if label else np.log(1 - probability + 1e-6)
    return total / len(y)


def of_binary(p, X, y, change=1.0):
    G = (sigmoid(p, X) - y) / len(y)
    return {"w": change * X.T @ G, "b": G.sum()}


@pytest.mark.parametrize("cost", [binary, in_a_loop])
def test_both_logarithms_of_two_classes_are_seen(cost):
    outcome = check_gradient(cost, of_binary, ONE, X, LABELS)
    assert outcome.right, str(outcome)
    assert any("adds 1e-06 inside its logarithm" in note for note in outcome.notes)
    # As small a difference that is no guard's.
    assert not check_gradient(cost, lambda *a: of_binary(*a, change=1 + 1e-5), ONE, X, LABELS).right


def test_a_small_number_elsewhere_is_no_guard():
    def shifted(p, X, Y, lam):
        P = probabilities(p, X) + 1e-6 * p["W2"].sum() * np.arange(3)
        return -(Y * np.log(P)).sum() / len(X) + lam * (p["W2"] ** 2).sum()

    assert not check_gradient(
        lambda p, *data: shifted(p, *data) + 1e-5 * p["b1"][0], gradient, P, X, HOT, 0.1
    ).right
