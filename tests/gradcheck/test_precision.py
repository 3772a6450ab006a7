"""Small differences: which are rounding or a kink, and which are errors."""

import numpy as np
import pytest

from chainrule.gradcheck import check_gradient
from support.plain_nets import X, Y, cost, drawn, gradient, halved

POINT = np.array([0.5, -1.0, 2.0])


def test_a_small_difference_is_suspect():
    outcome = check_gradient(lambda p: np.sin(p).sum(), lambda p: np.cos(p) * (1 + 1e-6), POINT)
    assert outcome.verdict == "suspect"
    assert any("small but real" in note for note in outcome.notes)


@pytest.mark.parametrize("error", [1e-6, 1e-5])
def test_a_small_difference_is_not_taken_for_a_kink(error):
    outcome = check_gradient(lambda p: float((1e-3 * p**2).sum()), lambda p: 2e-3 * p * (1 + error), POINT)
    assert sum(t.kinks for t in outcome.tensors) == 0
    assert not any("kink" in note for note in outcome.notes)


def test_a_rough_difference_of_a_smooth_cost_is_no_kink():
    outcome = check_gradient(
        lambda p: float(np.sin(1000 * p).sum()), lambda p: 1000 * np.cos(1000 * p), POINT
    )
    assert outcome.right, str(outcome)
    assert sum(t.kinks for t in outcome.tensors) == 0


@pytest.mark.parametrize(("error", "verdict"), [(9e-5, "wrong"), (2e-7, "right")])
def test_a_small_difference_from_central_differences_is_settled_by_the_taylor_remainder(error, verdict):
    outcome = check_gradient(lambda p: float(np.exp(p).sum()), lambda p: np.exp(p) * (1 + error), POINT)
    assert outcome.scheme == "central differences"
    assert any("the Taylor remainder falls with order" in note for note in outcome.notes)
    assert outcome.verdict == verdict


def test_a_relu_at_its_kink_is_no_mistake():
    p = drawn()
    p["b1"][2] = 0
    p["W1"][2] = 0
    outcome = check_gradient(cost, gradient, p, X, Y, 0.1)
    assert outcome.right, str(outcome)


def test_a_small_number_added_in_the_logarithm_is_said_and_no_error():
    def guarded(p, X, Y, l2):
        s = p["W"] @ X
        P = np.exp(s - s.max(axis=0)) / np.exp(s - s.max(axis=0)).sum(axis=0)
        return -np.sum(Y * np.log(P + 1e-8)) / X.shape[1] + l2 * np.sum(p["W"] ** 2)

    def plain(p, X, Y, l2):
        s = p["W"] @ X
        P = np.exp(s - s.max(axis=0)) / np.exp(s - s.max(axis=0)).sum(axis=0)
        return {"W": (P - Y) @ X.T / X.shape[1] + 2 * l2 * p["W"]}

    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(5, 7)), np.eye(3)[:, rng.integers(3, size=7)]
    outcome = check_gradient(guarded, plain, {"W": rng.normal(size=(3, 5))}, x, y, 0.1)
    assert outcome.right
    assert any("adds 1e-08 inside its logarithm" in note for note in outcome.notes)


def test_single_precision_is_noted_and_checked_in_double():
    p = {name: a.astype(np.float32) for name, a in drawn().items()}
    outcome = check_gradient(cost, gradient, p, X.astype(np.float32), Y, 0.1)
    assert outcome.right
    assert "W1, b1, W2, b2: single precision is too coarse for differences; checked in double precision" in (
        outcome.notes
    )
    assert not check_gradient(cost, halved, p, X.astype(np.float32), Y, 0.1).right


def test_a_gradient_that_comes_back_in_single_precision_is_right():
    def single(p, X, Y, lam):
        return {name: g.astype(np.float32) for name, g in gradient(p, X, Y, lam).items()}

    assert check_gradient(cost, single, drawn(), X, Y, 0.1).right
