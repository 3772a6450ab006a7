"""The table of what is asked of training's speed, and what a run's measurements answer.

A row that says *start* is against an earlier commit, measured in the same run.
"""

from __future__ import annotations

import contextlib
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Measurements = Mapping[str, Any]
"""What was taken, by the names of ``take.py``."""

BN = "3072-50-50-10 BN"
WHO = ("chainrule", "start", "PyTorch", "JAX")
ASKED: Mapping[tuple[str, str], tuple[str, ...]] = {
    (BN, "SWEEP"): WHO,
    (BN, "ONE"): WHO,
    ("3072-512-256-10", "ONE"): ("chainrule", "start"),
    ("3072-10", "ONE"): ("chainrule", "JAX"),
    ("20-32-2", "ONE"): ("chainrule", "JAX"),
    ("3072-50-10", "SWEEP"): ("chainrule", "scikit-learn"),
    ("64-64-64-10", "SWEEP"): ("chainrule", "start"),
}
"""Works, one net or a sweep of 40, and who takes part where no more than the table is wanted."""


@dataclass(frozen=True)
class Row:
    """One line.

    Attributes:
        what: is measured.
        of: gives it, a number for each that is asked for.
        least, aim: that is asked for: on AVX2, and on AVX-512 where that is not the same.
        unit: ``x`` of ratios, ``s`` of seconds, of which less is better; shares have none.
        before: the same of the start, where it is no ratio to it.
    """

    what: str
    of: Callable[[Measurements], tuple[float, ...]]
    least: tuple[tuple[float, ...], ...]
    aim: tuple[tuple[float, ...], ...]
    unit: str = "x"
    before: Callable[[Measurements], tuple[float, ...]] | None = None


def contest_name(work: str, kind: str) -> str:
    """Of a measurement."""
    return f"{work}, {'one net' if kind == 'ONE' else 'sweep of 40'}"


def best(contest: Mapping[str, Any], library: str, what: str = "steps") -> float:
    """Microseconds of one net's step in a library's best form.

    Raises:
        KeyError: it took no part.
    """
    times = [
        statistics.median(c["microseconds"][what]) for c in contest["contenders"] if c["library"] == library
    ]
    if not times:
        raise KeyError(library)
    return min(times)


def _share(library: str, what: str) -> Callable[[Measurements], tuple[float, ...]]:
    def of(taken: Measurements) -> tuple[float, ...]:
        contest = taken[contest_name(BN, "SWEEP")]
        return (1e6 * contest["flop"] / best(contest, library, what) / contest["peak"],)

    return of


def _against(
    libraries: Sequence[str], *contests: tuple[str, str]
) -> Callable[[Measurements], tuple[float, ...]]:
    def of(taken: Measurements) -> tuple[float, ...]:
        found = [taken[contest_name(*contest)] for contest in contests]
        return tuple(best(c, other) / best(c, "chainrule") for c in found for other in libraries)

    return of


def _ratio(name: str, above: str, below: str, what: str) -> Callable[[Measurements], tuple[float, ...]]:
    def of(taken: Measurements) -> tuple[float, ...]:
        return (median(taken[name][above], what) / median(taken[name][below], what),)

    return of


def median(spent: Any, what: str) -> float:
    """Of what was measured repeatedly: numbers, or numbers by what they are."""
    return statistics.median(spent[what] if isinstance(spent, Mapping) else spent)


def _above_training(who: str) -> Callable[[Measurements], tuple[float, ...]]:
    def of(taken: Measurements) -> tuple[float, ...]:
        search = taken["search"]
        return (median(search[who], "wall") - median(search[f"{who}, training"], "seconds"),)

    return of


def _wall(name: str, who: str) -> Callable[[Measurements], tuple[float, ...]]:
    return lambda taken: (median(taken[name][who], "wall"),)


ROWS = (
    Row(
        f"sweep of 40, {BN}: share of the 4096^3 product's speed, steps",
        _share("chainrule", "steps"), ((0.82,),), ((0.92,), (0.88,)), "", _share("start", "steps"),
    ),
    Row(
        "the same with evaluation", _share("chainrule", "epochs"), ((0.50,),), ((0.56,),), "",
        _share("start", "epochs"),
    ),
    Row(
        "the same against the best PyTorch, JAX form, steps", _against(("PyTorch", "JAX"), (BN, "SWEEP")),
        ((2.0, 2.0), (1.9, 1.75)), ((2.3, 2.3), (2.05, 1.9)),
    ),
    Row("one net of it, against start", _against(("start",), (BN, "ONE")), ((1.25,),), ((1.5,),)),
    Row(
        "one net of it, against JAX, PyTorch", _against(("JAX", "PyTorch"), (BN, "ONE")),
        ((1.2, 4.0), (2.2, 3.8)), ((1.4, 5.0), (2.6, 4.6)),
    ),
    Row(
        "one net, 3072-512-256-10, against start", _against(("start",), ("3072-512-256-10", "ONE")),
        ((1.2,),), ((1.4,),),
    ),
    Row(
        "one net, 3072-10 and 20-32-2, against JAX", _against(("JAX",), ("3072-10", "ONE"), ("20-32-2", "ONE")),
        ((1.0, 1.0),), ((1.5, 1.5),),
    ),
    Row(
        "sweep of 40, 3072-50-10, against GridSearchCV", _against(("scikit-learn",), ("3072-50-10", "SWEEP")),
        ((3.0,),), ((3.2,),),
    ),
    Row(
        "sweep of 40, 64-64-64-10, against start", _against(("start",), ("64-64-64-10", "SWEEP")),
        ((1.2,),), ((1.5,),),
    ),
    Row(
        "20 seeds of 64-50-10 as one population against 20 apart at the start, processor time, warm",
        _ratio("seeds", "start, apart", "together", "cpu"), ((1.7,),), ((2.5,),),
    ),
    Row(
        "a search of 135 small nets: time above training alone", _above_training("chainrule"), ((2.0,),), ((1.5,),),
        "s", _above_training("start"),
    ),
    Row(
        "first training on a new machine, until the first compiled step", _wall("first step", "chainrule"),
        ((12.0,),), ((5.0,),), "s", _wall("first step", "start"),
    ),
    Row(
        "all five reports, 5 seeds, against start in the same hour", _ratio("reports", "start", "chainrule", "wall"),
        ((1.15,),), ((1.25,),),
    ),
)  # fmt: skip


def answered(row: Row, taken: Measurements) -> str:
    """A row's cell: what was measured, in parentheses what the start gave; empty where it was not taken."""
    try:
        values = row.of(taken)
    except KeyError:
        return ""
    text = numbers(values, row.unit)
    if row.before is not None:
        with contextlib.suppress(KeyError):
            text += f" ({numbers(row.before(taken), row.unit)})"
    return text


def numbers(values: Sequence[float], unit: str) -> str:
    """``2.10x, 1.95x``, ``4.8 s``, ``0.91``."""
    if unit == "s":
        return ", ".join(f"{value:.1f} s" for value in values)
    return ", ".join(f"{value:.2f}{unit}" for value in values)


def demand(values: Sequence[Sequence[float]], unit: str) -> str:
    """What is asked for: once, or on AVX2 / on AVX-512.

    >>> demand(((2.0, 2.0), (1.9, 1.75)), "x")
    '2x, 2x / 1.9x, 1.75x'
    """
    space = " " if unit == "s" else ""
    return " / ".join(", ".join(f"{value:g}{space}{unit}" for value in each) for each in values)
