"""Where published values stand: each against the mean and the interval of our runs, the farthest off first; where
nothing is published, our means; and what the run found, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from chainrule.records.runs import ResultRow, Results
from chainrule.report.tables import (
    VERDICTS,
    best_settings,
    claim_counts,
    decimals,
    metric_text,
    published,
    published_text,
)
from chainrule.text import one_line

WIDEST = 0.03
"""Intervals that reach farther each way are cut off where nothing is published out there: they tell nothing."""
_FEWEST = 2
"""Settings that can be compared in a figure."""
_FEW_CLAIMS = 5
"""So many are named in a sentence, as far as they hold."""
_ROOM = 1.06
"""By how much the axis is longer than what has to be on it."""


@dataclass(frozen=True)
class Mark:
    """One published value.

    Attributes:
        recipe, name, metric: whose it is.
        published, mean: as tables show them.
        verdict: null under 3 seeds.
        at: where the published value stands, in per cent of the axis, on whose middle the mean lies.
        low, high: where the interval ends, likewise; null under 3 seeds.
    """

    recipe: str
    name: str
    metric: str
    published: str
    mean: str
    verdict: str | None
    at: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class PublishedMarks:
    """All published values of a run, on one axis that reaches ``reach`` each way from the mean."""

    marks: list[Mark]
    reach: float


def standing(results: Results) -> PublishedMarks | None:
    """Every published value, by how many half intervals it is off, or how far where there is no interval; None where
    nothing is published."""
    rows = sorted(published(results), key=_distance, reverse=True)
    if not rows:
        return None
    reach = _ROOM * max(max(abs(_off(row)), min(_half(row), WIDEST)) for row in rows) or WIDEST
    return PublishedMarks([_mark(row, reach) for row in rows], reach)


@dataclass(frozen=True)
class MeasuredMark:
    """The mean test accuracy of a setting.

    Attributes:
        recipe, name: whose it is.
        mean: as tables show it.
        at: where it stands, in per cent of the axis.
        low, high: where the interval of one more run ends, likewise; null under 3 seeds.
    """

    recipe: str
    name: str
    mean: str
    at: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class MeasuredMarks:
    """All settings of a run on one axis from ``first`` to ``last``, the best first; ``several`` recipes or one."""

    marks: list[MeasuredMark]
    first: float
    last: float
    several: bool


def measured(results: Results) -> MeasuredMarks | None:
    """Every setting's mean test accuracy; None where something is published, which says more, or settings are few."""
    rows = [row for row in results.rows if row.metric == "test_accuracy" and row.mean is not None]
    if len(rows) < _FEWEST or any(published(results)):
        return None
    rows.sort(key=lambda row: -(row.mean or 0.0))
    ends = [_share(value) for row in rows for value in (row.low, row.mean, row.high) if value is not None]
    first, last = math.floor(round(10 * min(ends), 6)) / 10, math.ceil(round(10 * max(ends), 6)) / 10

    def place(value: float | None) -> float | None:
        return None if value is None else round(100 * (_share(value) - first) / ((last - first) or 1), 2)

    marks = [
        MeasuredMark(
            row.recipe,
            one_line(row.name),
            decimals(row.mean),
            place(row.mean) or 0.0,
            place(row.low),
            place(row.high),
        )
        for row in rows
    ]
    return MeasuredMarks(marks, first, last, len({row.recipe for row in rows}) > 1)


def _share(accuracy: float) -> float:
    """An end of an interval as far as there are accuracies."""
    return min(1.0, max(0.0, accuracy))


def sentences(results: Results, published_on: str = "") -> list[str]:
    """What the run found, computed from it alone.

    Args:
        results: of the run.
        published_on: the data set of the reports, where the run was made on another.
    """
    return [*_about_numbers(results, published_on), *_about_claims(results, published_on)]


def _about_numbers(results: Results, published_on: str) -> Iterator[str]:
    rows = list(published(results))
    told: list[str] = [row.verdict for row in rows if row.verdict]
    if told:
        agree, differ, open_ = (told.count(verdict) for verdict in VERDICTS)
        untold = f"; {open_} cannot be told, as our runs differ too much among themselves" if open_ else ""
        yield (
            f"Of {len(told)} published {_accuracies(len(told))} {_lie(agree)} within what further runs of ours would "
            f"give, {_lie(differ)} outside{untold}."
        )
        yield from _about_farthest([row for row in rows if row.verdict in ("agrees", "differs")])
        yield from _about_searches(results)
    elif rows:
        yield f"Of {len(rows)} published {_accuracies(len(rows))} none has a verdict: it takes 3 seeds."
    else:
        yield from _about_spread(results, published_on)


def _about_farthest(told: list[ResultRow]) -> Iterator[str]:
    """The value that is farthest off, among those of which something can be told."""
    if told:
        first = max(told, key=_distance)
        inside = ", though within its interval," if first.verdict == "agrees" else ""
        yield (
            f"Farthest off{inside} is {one_line(first.name)} of {one_line(first.recipe)}: {metric_text(first)} "
            f"{published_text(first)} is published, {decimals(first.mean)} the mean of our runs."
        )


def _about_spread(results: Results, published_on: str) -> Iterator[str]:
    tested = [row for row in results.rows if row.metric == "test_accuracy" and row.mean is not None]
    if not tested:
        return
    several = len({row.recipe for row in tested}) > 1
    ends = (choose(tested, key=lambda row: row.mean or 0.0) for choose in (min, max))
    least, most = (
        (one_line(f'"{row.name}"' + f" of {row.recipe}" * several), decimals(row.mean)) for row in ends
    )
    trained = f" trained on {_data(results)}" if _data(results) else " trained"
    if len(tested) == 1:
        yield f"The mean test accuracy of {most[0]} is {most[1]}."
    else:
        yield (
            f"Of {len(tested)} settings{trained} and tested, {most[0]} has the highest mean test accuracy, {most[1]}; "
            f"{least[0]} has the lowest, {least[1]}."
        )
    if published_on:
        yield f"Nothing is published about {_data(results)}."


def _about_searches(results: Results) -> Iterator[str]:
    good, settings = best_settings(results)
    if settings:
        which = f"{good} of {settings} settings that reports found best"
        yield f"In our searches {which} come within one standard error of the best."


def _about_claims(results: Results, published_on: str) -> Iterator[str]:
    words = " and ".join(counts.words for counts in claim_counts(results.claims))
    if words and published_on:
        here = f"need not hold on {_data(results)}"
        yield f"The reports' claims are about {one_line(published_on)} and {here}: {words}."
    elif words:
        held = [one_line(claim.text) for claim in results.claims if claim.held]
        named = f": {'; '.join(held)}" if held and len(results.claims) <= _FEW_CLAIMS else ""
        whose = "The reports also claim things in words; " if any(published(results)) else ""
        yield f"{whose}{words}{named}."


def _data(results: Results) -> str:
    return one_line(results.environment.get("dataset", {}).get("name", ""))


def _accuracies(count: int) -> str:
    return "accuracy" if count == 1 else "accuracies"


def _lie(count: int) -> str:
    return f"{count or 'none'} {'lie' if count > 1 else 'lies'}"


def _off(row: ResultRow) -> float:
    return (row.published or 0.0) - (row.mean or 0.0)


def _half(row: ResultRow) -> float:
    return 0.0 if row.low is None or row.high is None else (row.high - row.low) / 2


def _distance(row: ResultRow) -> float:
    half = _half(row)
    return abs(_off(row)) / half if half else abs(_off(row))


def _mark(row: ResultRow, reach: float) -> Mark:
    def place(value: float) -> float:
        return round(50 + 50 * max(-1.0, min(1.0, value / reach)), 2)

    half = _half(row)
    return Mark(
        recipe=row.recipe,
        name=one_line(row.name),
        metric=metric_text(row),
        published=published_text(row),
        mean=decimals(row.mean),
        verdict=row.verdict,
        at=place(_off(row)),
        low=place(-half) if half else None,
        high=place(half) if half else None,
    )
