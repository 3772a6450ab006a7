"""Published values against measured ones: in which order, where on the axis, and in which words."""

from __future__ import annotations

import pytest

from chainrule.records.runs import ClaimResult, ResultRow, Results
from chainrule.report.standing import measured, sentences, standing


def row(name, published, mean, half=None, verdict=None, metric="test_accuracy"):
    return ResultRow(
        recipe="r", name=name, setting={}, metric=metric, published=published, published_decimals=2, values=[mean],
        mean=mean, low=None if half is None else mean - half, high=None if half is None else mean + half,
        verdict=verdict, inferred=[], diverged=[],
    )  # fmt: skip


def results(*rows, claims=(), name="cifar10"):
    return Results(
        rows=list(rows), claims=list(claims), input_means=[], environment={"dataset": {"name": name}}
    )


NEAR = row("near", 0.50, 0.51, 0.02, "agrees")
FAR = row("far", 0.40, 0.44, 0.02, "differs")
WIDE = row("wide", 0.40, 0.45, 0.20, "uninformative")
SHORT = row("search", 0.0, 0.01, 0.005, "differs", metric="best_setting_shortfall")


def test_the_farthest_off_come_first_counted_in_half_intervals():
    shown = standing(results(NEAR, WIDE, FAR, SHORT))
    assert shown is not None
    assert [mark.name for mark in shown.marks] == ["far", "near", "wide"]


def test_marks_and_intervals_stand_where_they_are_on_an_axis_that_holds_every_mark():
    shown = standing(results(NEAR, WIDE, FAR))
    assert shown is not None
    assert shown.reach == pytest.approx(0.05 * 1.06)
    far, near, wide = shown.marks
    assert near.at == pytest.approx(50 * (1 - 0.01 / shown.reach), abs=0.01)
    assert (near.low, near.high) == pytest.approx(
        (50 * (1 - 0.02 / shown.reach), 50 * (1 + 0.02 / shown.reach)), abs=0.01
    )
    assert far.at < near.at
    assert (wide.low, wide.high) == (0, 100)


def test_without_intervals_the_farthest_come_first():
    shown = standing(results(row("a", 0.5, 0.51), row("b", 0.5, 0.55)))
    assert shown is not None
    assert [(mark.name, mark.low, mark.high) for mark in shown.marks] == [
        ("b", None, None),
        ("a", None, None),
    ]
    assert standing(results(row("a", 0.5, 0.5))).marks[0].at == 50


def test_where_nothing_is_published_there_is_no_figure():
    assert standing(results(row("a", None, 0.5), SHORT)) is None


def test_the_sentences_count_what_agrees_and_name_the_farthest():
    assert sentences(results(NEAR, WIDE, FAR)) == [
        "Of 3 published accuracies 1 lies within what further runs of ours would give, 1 lies outside; 1 cannot be "
        "told, as our runs differ too much among themselves.",
        "Farthest off is far of r: test 0.40 is published, 0.4400 the mean of our runs.",
    ]
    assert sentences(results(NEAR, SHORT))[::2] == [
        "Of 1 published accuracy 1 lies within what further runs of ours would give, none lies outside.",
        "In our searches 0 of 1 settings that reports found best come within one standard error of the best.",
    ]


def test_of_what_nothing_can_be_told_it_is_not_said_to_be_farthest_off():
    assert sentences(results(NEAR, row("wide", 0.40, 0.60, 0.20, "uninformative")))[1] == (
        "Farthest off, though within its interval, is near of r: test 0.50 is published, 0.5100 the mean of our runs."
    )
    assert len(sentences(results(WIDE))) == 1


def test_claims_beside_published_numbers_are_said_to_be_the_reports():
    claims = [ClaimResult(recipe="r", text="so", held=True, evidence="")]
    assert sentences(results(NEAR, claims=claims))[-1] == (
        "The reports also claim things in words; 1 of 1 claim holds: so."
    )


def test_of_so_few_seeds_the_sentence_says_so():
    assert sentences(results(row("a", 0.5, 0.51))) == [
        "Of 1 published accuracy none has a verdict: it takes 3 seeds."
    ]


def test_on_other_data_nothing_is_published_and_the_claims_are_about_the_reports():
    claims = [ClaimResult(recipe="r", text="so", held=held, evidence="") for held in (True, False)]
    found = sentences(
        results(row("a", None, 0.2), row("b", None, 0.9), claims=claims, name="digits"), "cifar10"
    )
    assert found == [
        'Of 2 settings trained on digits and tested, "b" has the highest mean test accuracy, 0.9000; '
        '"a" has the lowest, 0.2000.',
        "Nothing is published about digits.",
        "The reports' claims are about cifar10 and need not hold on digits: 1 of 2 claims holds, 1 fails.",
    ]


def test_of_ones_own_table_the_best_and_the_worst_are_named_and_the_claims_that_hold():
    claims = [ClaimResult(recipe="r", text="b beats a", held=held, evidence="") for held in (True, False)]
    assert sentences(results(row("a", None, 0.2))) == ['The mean test accuracy of "a" is 0.2000.']
    assert sentences(results(row("a", None, 0.2), row("b", None, 0.9), claims=claims)) == [
        'Of 2 settings trained on cifar10 and tested, "b" has the highest mean test accuracy, 0.9000; '
        '"a" has the lowest, 0.2000.',
        "1 of 2 claims holds, 1 fails: b beats a.",
    ]


def test_where_there_are_several_tables_a_setting_is_named_with_its_own():
    other = row("a", None, 0.3).model_copy(update={"recipe": "s"})
    assert sentences(results(row("a", None, 0.2), other)) == [
        'Of 2 settings trained on cifar10 and tested, "a" of s has the highest mean test accuracy, 0.3000; '
        '"a" of r has the lowest, 0.2000.'
    ]


def test_where_nothing_is_published_all_means_stand_on_one_axis_the_best_first():
    shown = measured(
        results(row("low", None, 0.25, 0.05), row("high", None, 0.98, 0.02), row("one", None, 0.5))
    )
    assert shown is not None
    assert [mark.name for mark in shown.marks] == ["high", "one", "low"]
    assert (shown.first, shown.last, shown.several) == (0.2, 1.0, False)
    high, one, low = shown.marks
    assert (high.high, one.low, low.low) == (100, None, 0)
    assert measured(results(row("one", None, 0.5))) is None
    assert measured(results(NEAR, row("one", None, 0.5))) is None
