"""What is said below tables of gradient checks, as it follows from their rows."""

from __future__ import annotations

import pytest

from chainrule.records.gradients import CheckedStage, GradientDifference
from chainrule.report.check_notes import MISTAKES, every_entry, short, stages, zeros

FIGURES = dict.fromkeys(
    ("smallest_relative", "largest_relative", "mean_relative", "relative_norm", "largest_absolute", "mean_absolute"),
    1e-12,
)  # fmt: skip


def row(**changes) -> GradientDifference:
    base = {
        "net": "8-5-3, batch norm", "l2": 0.0, "parameter": "b1", "compared": "analytic-central", "entries": 5,
        "kinks": 0, "share_below": 1.0, "verdict": "zero", "published": {}, "resolution": 4e-11, **FIGURES,
    }  # fmt: skip
    return GradientDifference(**{**base, **changes})


@pytest.mark.parametrize(
    ("value", "text"), [(1.5e-8, "1.5e-8"), (1e-6, "1e-6"), (0.001, "0.001"), (1e-12, "1e-12")]
)
def test_small_numbers_are_short(value, text):
    assert short(value) == text


def test_a_relative_error_of_a_gradient_that_is_0_is_told_for_what_it_is():
    (line,) = zeros([row(published={"relative_norm": 2.2e-5})], eps=1e-6)
    assert line.startswith("b1: the gradient is 0")
    assert "published 2.2e-05 is |a - n| = 2.2e-11 over 1e-6, rounding of the costs" in line
    assert "luck" not in line


def test_less_than_two_costs_can_show_is_luck():
    (line,) = zeros([row(published={"mean_relative": 2.5e-11})], eps=1e-6)
    assert "|a - n| = 2.5e-17 over 1e-6, far below" in line
    assert line.endswith("both costs were the same number, by luck")
    (line,) = zeros([row(published={"mean_relative": 2.5e-11})], eps=1.0)
    assert "|a - n| = 2.5e-11 over 1, rounding of the costs" in line
    assert "luck" not in line


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": "right", "published": {"relative_norm": 2e-5}},
        {"verdict": None, "published": {"relative_norm": 2e-5}},
        {"published": {"largest_absolute": 2e-5, "share_below": 1.0}},
        {},
    ],
)
def test_nothing_is_said_where_the_gradient_is_not_0_or_nothing_relative_is_published(changes):
    assert list(zeros([row(**changes)], eps=1e-6)) == []


def test_old_records_without_a_resolution_say_nothing_of_luck():
    (line,) = zeros([row(published={"relative_norm": 2.5e-11}, resolution=None)], eps=1e-6)
    assert line.endswith("over 1e-6")


def test_a_share_published_as_whole_is_held_against_what_is_measured():
    claimed = {"share_below": 1.0}
    rows = [row(published=claimed), row(parameter="W1", published=claimed), row(share_below=0.5)]
    (line,) = every_entry(rows, 1.5e-8)
    assert line == "|a - n| < 1.5e-8 for every entry, as published of 2 comparisons: so it is here"
    (line,) = every_entry([*rows, row(parameter="b2", published=claimed, share_below=0.99)], 1.5e-8)
    assert line.endswith("of 3 comparisons: not so here: b2 analytic-central")
    assert list(every_entry([row(published={"share_below": 0.9})], 1e-6)) == []


def test_stages_say_what_happens_in_them_and_the_report_s_words():
    about = {"step": 1e-6, "rows": []}
    first = CheckedStage(samples=1, mistake="difference_without_copy", said="sky high", **about)
    lines = stages([first, CheckedStage(samples=2, mistake=None, said="", **about)])
    assert lines[0] == f'1: 1 sample: {MISTAKES["difference_without_copy"]}; the report: "sky high"'
    assert lines[1] == "2: 2 samples: nothing is wrong"
