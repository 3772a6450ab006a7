"""What was tried beside the given point, what could not be, and what is wrong only there."""

import numpy as np
import pytest

from chainrule.errors import TimeUpError
from chainrule.gradcheck import check_gradient
from chainrule.gradcheck.numeric.surroundings import of_values
from support.plain_nets import X, Y, cost, drawn, gradient


def test_what_was_tried_is_said_in_a_line():
    outcome = check_gradient(cost, gradient, drawn(), X, Y, 0.1)
    assert outcome.right
    assert outcome.tried == ("N of 1, 2, 3 and 7", "l2 of 0 and 0.1", "other parameters")
    assert "tried: N of 1, 2, 3 and 7; l2 of 0 and 0.1; other parameters" in outcome.told
    assert outcome.as_dict()["tried"] == outcome.tried
    assert not any("not tried" in note for note in outcome.told)


def test_what_is_wrong_at_the_given_point_is_so_whatever_was_tried():
    outcome = check_gradient(
        cost, lambda p, *data: {n: 2 * a for n, a in gradient(p, *data).items()}, drawn(), X, Y, 0.1
    )
    assert outcome.verdict == "wrong"
    assert not any("tried" in note for note in outcome.told)


@pytest.mark.parametrize(
    ("values", "words"),
    [([3], "N of 3"), ([7, 1, 7, 2], "N of 1, 2 and 7"), ([0.1, 0.0], "N of 0 and 0.1"), ([None], "N"),
     ([True, False], "N of True and False")],
)  # fmt: skip
def test_values_are_said_in_words(values, words):
    assert of_values("N", values) == words


def only_of(is_wrong):
    """A gradient that is wrong for some numbers of samples."""

    def partly(p, X, Y, lam):
        g = gradient(p, X, Y, lam)
        return {name: 2 * a if is_wrong(X.shape[1]) else a for name, a in g.items()}

    return partly


@pytest.mark.parametrize("size", [1, 2])
def test_a_gradient_that_is_wrong_for_one_sample_or_fewer_than_classes_is_wrong(size):
    outcome = check_gradient(cost, only_of(lambda count: count == size), drawn(), X, Y, 0.1)
    assert outcome.verdict == "wrong"
    assert f"right at the given point; wrong with N of {size}: the figures are those" in outcome.told


def test_a_gradient_that_is_wrong_for_more_samples_than_classes_is_wrong():
    few = slice(0, 3)
    outcome = check_gradient(cost, only_of(lambda count: count > 3), drawn(), X[:, few], Y[:, few], 0.1)
    assert outcome.verdict == "wrong"
    assert "right at the given point; wrong with N of 5: the figures are those" in outcome.told


def no_single(X):
    raise ValueError("no single sample")


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (no_single, "ValueError: no single sample"),
        (lambda X: np.nan, "the gradient of W1: holds NaN or infinity"),
    ],
    ids=["raises", "not finite"],
)
def test_what_does_not_run_with_one_sample_is_no_mistake(odd, reason):
    def of_many(p, X, Y, lam):
        factor = odd(X) if X.shape[1] == 1 else 1
        return {name: factor * a for name, a in gradient(p, X, Y, lam).items()}

    outcome = check_gradient(cost, of_many, drawn(), X, Y, 0.1)
    assert outcome.right
    assert outcome.not_tried == (f"N of 1 ({reason})",)
    assert f"not tried: N of 1 ({reason})" in outcome.told
    assert "N of 2, 3 and 7" in outcome.tried


def test_a_cost_that_is_another_one_for_one_sample_convicts_nobody():
    def squeezed(p, X, Y, lam):
        return cost(p, X, Y, lam) if X.shape[1] > 1 else float(np.tanh(p["W1"]).sum())

    outcome = check_gradient(squeezed, gradient, drawn(), X, Y, 0.1)
    assert outcome.right
    assert outcome.not_tried == ("N of 1 (there the cost is another one)",)


def of_mode(p, X, Y, training):
    s = p["W"] @ X
    return 0.5 * float(((s * (1.0 if training else 0.5) - Y) ** 2).sum())


def in_both_modes(p, X, Y, training):
    k = 1.0 if training else 0.5
    return {"W": k * (k * p["W"] @ X - Y) @ X.T}


@pytest.mark.parametrize(
    ("own", "verdict", "words"),
    [
        (in_both_modes, "right", "tried: N of 1, 2, 3 and 7; training of True and False; other parameters"),
        (lambda p, X, Y, training: in_both_modes(p, X, Y, True), "right",
         "not tried: training of False (the gradient is the same in both)"),
        (lambda p, X, Y, training: {"W": in_both_modes(p, X, Y, training)["W"] * (1 if training else 2)}, "wrong",
         "right at the given point; wrong with training of False: the figures are those"),
    ],
    ids=["both", "of training alone", "wrong in one"],
)  # fmt: skip
def test_both_modes_are_tried_where_the_gradient_has_them(own, verdict, words):
    p = {"W": np.random.default_rng(0).standard_normal((3, 4))}
    outcome = check_gradient(of_mode, own, p, X, Y, True)
    assert outcome.verdict == verdict
    assert words in outcome.told


def test_time_that_is_up_is_no_reason_to_leave_a_point_out():
    def slow(p, X, Y, lam):
        if X.shape[1] == 1:
            raise TimeUpError("it runs and runs")
        return gradient(p, X, Y, lam)

    with pytest.raises(TimeUpError):
        check_gradient(cost, slow, drawn(), X, Y, 0.1)
