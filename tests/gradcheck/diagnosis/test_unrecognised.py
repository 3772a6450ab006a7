"""Causes from numbers alone, for a cost that is no known net's."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.evidence import PLAUSIBLE
from chainrule.gradcheck.diagnosis.unrecognised import causes
from support.diagnosed import checked_at

RNG = np.random.default_rng(8)
X, Y = RNG.standard_normal((6, 4)), RNG.standard_normal((6, 4))
PARAMETERS = {"W": RNG.standard_normal((4, 4)), "b": RNG.standard_normal(4), "V": RNG.standard_normal((4, 4))}
BATCHES = (slice(6), slice(3))
LAM = 0.5


def residual(p, X, Y):
    return X @ p["W"] + X**2 @ p["V"] + p["b"] - Y


def cost(p, X, y, lam):
    return (residual(p, X, Y[: len(X)]) ** 2).sum() / len(X) + lam * (p["W"] ** 2).sum()


def gradient(p, X, y, lam):
    r = 2 * residual(p, X, Y[: len(X)]) / len(X)
    return {"W": X.T @ r + 2 * lam * p["W"], "b": r.sum(axis=0), "V": (X**2).T @ r}


def checked_points(wrong, lams=(LAM,)):
    labels = np.array([0, 1, 2, 0, 1, 2])
    return [
        checked_at(wrong, (X[batch], labels[batch], lam), cost=cost, parameters=PARAMETERS)
        for lam in lams
        for batch in BATCHES
    ]


def caused(change, lams=(LAM,)):
    """Names and evidence of the causes of a gradient that ``change`` makes wrong."""

    def wrong(p, X, y, lam):
        g = gradient(p, X, y, lam)
        return g | change(p, g, len(X), lam)

    return [(cause.name, cause.evidence) for cause in causes(checked_points(wrong, lams))]


def all_times(factor):
    return lambda p, g, n, lam: {name: factor(n) * array for name, array in g.items()}


@pytest.mark.parametrize(
    ("change", "name", "said"),
    [
        (all_times(lambda n: -1), "wrong-sign", "-1 x the numeric gradient"),
        (all_times(lambda n: n), "missing-batch-mean", "6 x the numeric gradient: not divided by the batch size"),
        (all_times(lambda n: 1 / n), "double-batch-mean", "divided by the batch size once too often"),
        (all_times(lambda n: n / 50), "hard-wired-batch-size", "0.12 x the numeric gradient, in proportion"),
        (lambda p, g, n, lam: {"b": g["b"] / n}, "bias-mean-not-sum", "divided by the batch size once too often"),
        (lambda p, g, n, lam: {"W": g["V"], "V": g["W"]}, "swapped", "W has the gradient of V, V has the gradient of"),
        (lambda p, g, n, lam: {"V": g["V"].T}, "transposed", "it is the transpose"),
        (lambda p, g, n, lam: {"b": np.full(4, g["b"].sum())}, "bias-summed-over-all", "every entry is the sum"),
        (lambda p, g, n, lam: {"b": 0.3 / g["b"]}, "bias-reciprocal", "a constant over the numeric gradient"),
        (lambda p, g, n, lam: {"b": g["b"] + 2 * lam * p["b"]}, "bias-regularised", "g - n is 2 * l2 * the parameter"),
    ],
)  # fmt: skip
def test_the_signature_of_a_bug_is_known(change, name, said):
    ((named, evidence),) = caused(change)
    assert named == name
    assert said in evidence


@pytest.mark.parametrize(
    ("factor", "name"),
    [
        (0.0, "regulariser-missing"),
        (0.5, "regulariser-half"),
        (2.0, "regulariser-double"),
        (-1.0, "regulariser-sign"),
        (3.0, "regulariser-scaled"),
    ],
)
def test_a_factor_of_the_penalty_is_known_from_points_that_differ_in_l2(factor, name):
    def change(p, g, n, lam):
        return {"W": g["W"] + (factor - 1) * 2 * lam * p["W"]}

    ((named, evidence),) = caused(change, (LAM, 0.1))
    number, words = evidence.split(maxsplit=1)
    assert (named, words) == (name, "x the penalty's gradient")
    assert float(number) == pytest.approx(factor, abs=1e-9)


def test_without_a_point_of_another_l2_only_that_the_penalty_is_scaled_is_known():
    assert caused(lambda p, g, n, lam: {"W": g["W"] + lam * p["W"]}) == [
        ("regulariser-scaled", "g - n is 1 * l2 * the parameter")
    ]


@pytest.mark.parametrize(
    "change",
    [
        all_times(lambda n: -1 if n == 6 else 2),
        lambda p, g, n, lam: {"W": g["V"], "V": g["W"]} if n == 6 else {"W": -g["W"], "V": 2 * g["V"]},
        lambda p, g, n, lam: {"V": g["V"].T if n == 6 else 2 * g["V"].T},
        lambda p, g, n, lam: {"b": np.full(4, g["b"].sum()) if n == 6 else g["b"] ** 2},
    ],
    ids=["factor", "swapped", "transposed", "summed"],
)
def test_what_is_only_so_at_one_point_is_no_signature(change):
    assert caused(change) == []


def test_a_gradient_like_nothing_has_no_cause():
    assert caused(lambda p, g, n, lam: {"W": g["W"] + p["W"] ** 3}) == []


def test_a_cause_names_the_wrong_tensors_and_how_sure_it_is():
    def wrong(p, X, y, lam):
        return gradient(p, X, y, lam) | {"b": gradient(p, X, y, lam)["b"] / len(X)}

    (cause,) = causes(checked_points(wrong))
    assert (cause.tensors, cause.sure) == (("b",), PLAUSIBLE)


def test_without_labels_a_factor_of_the_batch_size_is_not_taken_for_one():
    def squares(p):
        return (p**2).sum()

    point = checked_at(lambda p: 6 * 2 * p, (), cost=squares, parameters=PARAMETERS["b"])
    assert causes([point]) == []
    point = checked_at(lambda p: -2 * p, (), cost=squares, parameters=PARAMETERS["b"])
    assert "wrong-sign" in [cause.name for cause in causes([point])]
