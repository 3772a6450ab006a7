"""Costs whose logarithm is kept from 0, losses by themselves too: right gradients are right, and wrong ones wrong."""

import functools
from types import SimpleNamespace

import numpy as np
import pytest

from chainrule.errors import TimeUpError
from chainrule.gradcheck import check_gradient
from chainrule.gradcheck.numeric import again
from chainrule.gradcheck.program.local import LocalProgram
from support.points import verdict_of

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


def added_largely(p, X, y):
    S = sigmoid(p, X)
    return -np.mean(y * np.log(S + 1e-4) + (1 - y) * np.log(1 - S + 1e-4))


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
        (added_largely, P, "the cost adds 0.0001 inside its logarithm, "),
        (added_in_place, P, f"the cost adds 1e-06 inside its logarithm, {DIFFERS}"),
        (in_a_loop, P, f"the cost adds 1e-06 inside its logarithm, {DIFFERS}"),
        (bounded, FAR, f"the cost bounds what its logarithm is taken of, {DIFFERS}"),
    ],
    ids=["added", "added largely", "in place", "in a loop", "bounded"],
)
def test_a_right_gradient_of_a_guarded_cost_is_right_and_a_wrong_one_is_not(cost, parameters, words):
    outcome = check_gradient(cost, gradient, parameters, X, LABELS)
    assert outcome.right, str(outcome)
    assert {tensor.verdict for tensor in outcome.tensors} == {"right"}
    assert any(note.startswith(words) for note in outcome.notes)
    for change in (0.5, 1 + 1e-5):
        # The second is off by as little as the guard makes it.
        changed = functools.partial(gradient, change=change)
        assert verdict_of(cost, changed, parameters, (X, LABELS)) != "right"


@pytest.mark.parametrize("seed", range(3))
def test_a_point_so_far_out_that_rounding_hides_all_convicts_nobody(seed, monkeypatch):
    outward = np.random.default_rng(seed).uniform(1, 4, 4) * np.sign(P["w"])

    def far(given, rng, size):
        return given.with_arrays([a + (2 * outward if a.ndim else 0) for a in given.arrays])

    monkeypatch.setattr(again, "surroundings", SimpleNamespace(moved=far))
    assert verdict_of(added_largely, gradient, P, (X, LABELS)) == "right"


def test_where_no_time_is_left_nobody_is_convicted(monkeypatch):
    times = iter(range(3))

    def trace(self, *given):
        if next(times, None) is None:
            raise TimeUpError("still runs")
        return of_program(self, *given)

    of_program = LocalProgram.trace
    monkeypatch.setattr(LocalProgram, "trace", trace)
    with pytest.raises(TimeUpError):
        verdict_of(added, gradient, P, (X, LABELS))


def test_where_rounding_hides_all_at_every_point_nearer_ones_tell(monkeypatch):
    out = {"w": 6 * P["w"], "b": P["b"]}
    monkeypatch.setattr(again, "surroundings", SimpleNamespace(moved=lambda given, rng, size: given))
    assert verdict_of(added_largely, gradient, out, (X, LABELS)) == "right"
    assert verdict_of(added_largely, functools.partial(gradient, change=0.5), out, (X, LABELS)) != "right"


def test_a_small_number_that_is_no_guard_makes_a_gradient_suspect():
    def shifted(p, X, y):
        S = sigmoid(p, X) + 1e-6 * p["b"]
        return -np.mean(y * np.log(S) + (1 - y) * np.log(1 - S)) + 1e-5 * p["b"]

    assert verdict_of(shifted, gradient, P, (X, LABELS)) != "right"


ONE_HOT = np.eye(3)[[0, 2, 1, 1, 0, 2, 2]]


def softmax(x):
    e = np.exp(x)
    return e / e.sum(axis=1, keepdims=True)


def of_scores(loss, gradient):
    scores = np.random.default_rng(0).normal(size=(7, 3))
    return check_gradient(lambda p: loss(p["x"]), lambda p: {"x": gradient(p["x"])}, {"x": scores})


def binary(x, eps=1e-8):
    S = 1 / (1 + np.exp(-x))
    return -np.sum(ONE_HOT * np.log(S + eps) + (1 - ONE_HOT) * np.log(1 - S + eps)) / 21


@pytest.mark.parametrize(
    ("loss", "gradient", "added"),
    [
        (lambda x: -np.sum(ONE_HOT * np.log(softmax(x) + 1e-7)), lambda x: softmax(x) - ONE_HOT, "1e-07"),
        (
            lambda x: -np.sum(ONE_HOT * np.log(softmax(x) + 1e-6)) / 7,
            lambda x: (softmax(x) - ONE_HOT) / 7,
            "1e-06",
        ),
        (binary, lambda x: (1 / (1 + np.exp(-x)) - ONE_HOT) / 21, ""),
        (lambda x: binary(x, 1e-6), lambda x: (1 / (1 + np.exp(-x)) - ONE_HOT) / 21, "1e-06"),
    ],
)
def test_a_loss_by_itself_may_be_guarded_too(loss, gradient, added):
    outcome = of_scores(loss, gradient)
    assert outcome.verdict == "right", str(outcome)
    # What 1e-8 makes of a gradient is less than is looked at.
    assert not added or any(f"adds {added} inside its logarithm" in note for note in outcome.notes)


@pytest.mark.parametrize("off", [1e-6, 1e-5])
def test_another_small_difference_of_a_loss_is_not_accepted(off):
    outcome = of_scores(
        lambda x: -np.sum(ONE_HOT * np.log(softmax(x) + 1e-7)) / 7,
        lambda x: (softmax(x) - ONE_HOT) / 7 * (1 + off),
    )
    assert outcome.verdict == "suspect"
