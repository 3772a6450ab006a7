"""Trials of a search as lines through their settings."""

from __future__ import annotations

from typing import Any

import pytest

from chainrule.records.figures import SearchPoint, SearchScores
from chainrule.report import parallel

KEYS = ("l2", "hidden")


def search(
    *trials: tuple[float, list[int], float], metric: str = "val_accuracy", left: int = -1
) -> SearchScores:
    """Trials of two settings; ``left`` is the one that was left behind."""
    points = [
        SearchPoint(
            values=dict(zip(KEYS, trial, strict=False)), score=trial[2], error=0.0, complete=i != left
        )
        for i, trial in enumerate(trials)
    ]
    return SearchScores(name="s", setting={}, inits=1, published_best={}, replicates=[points], metric=metric)


TRIALS = ((0.001, [20], 0.5), (0.1, [50], 0.9), (0.01, [20], 0.7), (0.1, [20], 0.6))


def crossings(of: SearchScores, axis: str) -> list[dict[str, Any]]:
    """What the chart holds of each trial's line where it crosses an axis."""
    lines = parallel.parallel_chart(of).layer[0].data.values
    return [line for line in lines if line["axis"] == axis]


def places(axis: str) -> list[float]:
    """Where each trial's line crosses an axis."""
    return [line["place"] for line in crossings(search(*TRIALS), axis)]


def test_a_line_crosses_each_setting_and_the_score():
    assert places("λ (l2)") == pytest.approx([0.0, 1.0, 0.5, 1.0])
    assert places("hidden") == [0.0, 1.0, 0.0, 0.0]
    assert places("validation accuracy") == pytest.approx([0.0, 1.0, 0.5, 0.25])


def test_the_best_stands_out_and_what_was_left_behind_does_not():
    def kinds(of: SearchScores) -> list[str]:
        return [line["kind"] for line in crossings(of, "hidden")]

    assert kinds(search(*TRIALS)) == ["other", "best", "other", "other"]
    assert kinds(search(*TRIALS, metric="val_loss")) == ["best", "other", "other", "other"]
    assert kinds(search(*TRIALS, left=1)) == ["other", "other", "best", "other"]


def test_what_a_rule_chose_stands_out_where_it_is_not_the_best():
    chosen = search(*TRIALS).model_copy(update={"chosen": 2})
    assert [line["kind"] for line in crossings(chosen, "hidden")] == ["other", "best", "chosen", "other"]
    assert parallel.legend(chosen).endswith("thick orange: the chosen one")
    for plain in (search(*TRIALS), search(*TRIALS).model_copy(update={"chosen": 1})):
        assert "chosen" not in parallel.legend(plain)


def test_words_name_the_best_settings():
    assert "l2 = 0.1, hidden = [50]: 0.9000" in parallel.in_words(search(*TRIALS))


def test_one_setting_needs_no_lines():
    assert parallel.has_lines(search(*TRIALS))
    assert not parallel.has_lines(search(*TRIALS[:2]))
    assert not parallel.has_lines(search((0.1, [20], 0.5), (0.2, [20], 0.6), (0.3, [20], 0.7)))


@pytest.mark.parametrize(
    ("values_", "place"),
    [((0.0, 2.0, 1.0), 0.5), ((1.0, 100.0, 10.0), 0.5), ((3.0,), 0.5), (("a", "b", "c"), 1.0)],
)
def test_an_axis_is_logarithmic_where_its_numbers_are_far_apart(values_: tuple[object, ...], place: float):
    assert parallel.Scale(values_).place(values_[-1]) == pytest.approx(place)
