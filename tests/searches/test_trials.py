"""Scores, order, and the choice of a winner."""

from __future__ import annotations

import math

import pytest

from chainrule.searches.trials import best, chosen, ranked, reason, score, within_one_error, worst
from support.searching import trial


def test_a_score_is_the_mean_with_its_standard_error():
    mean, error = score([0.5, 0.6, 0.7], "val_accuracy", 100)
    assert mean == pytest.approx(0.6)
    assert error == pytest.approx(0.1 / math.sqrt(3))
    assert score([0.5], "val_accuracy", 100) == (0.5, pytest.approx(0.05))
    assert score([0.5], "val_loss", 100) == (0.5, None)
    assert score([2.0, 4.0], "val_loss", 100) == (3.0, pytest.approx(1.0))


def test_a_diverged_init_counts_as_accuracy_0_and_as_no_loss():
    assert score([0.5, None], "val_accuracy", 100)[0] == 0.25
    assert score([0.5, None], "val_loss", 100) == (None, None)


def found(*means: float | None):
    return [trial(number, {"l2": float(number)}, mean) for number, mean in enumerate(means)]


def test_order_by_accuracy_and_by_loss():
    some = found(0.4, 0.6, 0.6, None, 0.3)
    assert [one.number for one in ranked(some, "val_accuracy")] == [1, 2, 0, 4, 3]
    assert [one.number for one in ranked(some, "val_loss")] == [4, 0, 1, 2, 3]
    assert best(some).number == 1
    assert best(some, "val_loss").number == 4
    assert worst(some).number == 3
    assert worst(some[:3]).number == 0


def test_the_winner_by_mean_and_by_one_standard_error():
    some = found(0.595, 0.6, 0.592, 0.585)
    simplicity = {0: 3, 1: 4, 2: 2, 3: 1}

    def choose(rule):
        return chosen(some, "val_accuracy", rule, lambda one: simplicity[one.number])

    assert choose("mean").number == 1
    assert choose("one_standard_error").number == 2
    assert [one.number for one in within_one_error(some, "val_accuracy")] == [0, 1, 2]
    assert (
        reason(some, choose("mean"), "val_accuracy", "mean")
        == "the best mean val_accuracy of 4 complete trials"
    )
    assert "of 3 trials within one standard error of the best, trial 1, of 4" in reason(
        some, choose("one_standard_error"), "val_accuracy", "one_standard_error"
    )
    for few, words in (
        (
            found(0.595, 0.7),
            "no other of 2 complete trials is within one standard error of the best, trial 1",
        ),
        (found(0.595), "the only complete trial"),
    ):
        assert reason(few, few[-1], "val_accuracy", "one_standard_error") == words
    equal = chosen(some, "val_accuracy", "one_standard_error", lambda one: 0)
    assert equal.number == 1


def test_only_complete_trials_with_a_mean_win():
    some = [
        trial(0, {}, 0.9, state="pruned"), trial(1, {}, None), trial(2, {}, 0.95, state="failed"), trial(3, {}, 0.1),
    ]  # fmt: skip
    assert chosen(some, "val_accuracy", "mean", lambda one: 0).number == 3
    assert chosen(some[:3], "val_accuracy", "mean", lambda one: 0) is None
    gone = [trial(0, {}, 0.0, scores=[None, None]), trial(1, {}, 0.0)]
    assert chosen(gone, "val_accuracy", "mean", lambda one: 0).number == 1
    assert chosen(gone[:1], "val_accuracy", "mean", lambda one: 0) is None
