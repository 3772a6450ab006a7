"""What the curves, gradients and searches of another program come to, as tables for a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chainrule.records.figures import Band, CurvesFigure, SearchScores
from chainrule.records.gradients import MeasuredDifference
from chainrule.report.difference_tables import NOTES, differences_csv, differences_table
from chainrule.report.searched import direction, flat, inits_text, score_name, searched, short
from chainrule.report.table import TextTable
from chainrule.text import csv_table, one_line

_SPLITS = {"train": "training", "val": "validation", "test": "test"}


class OwnTable(NamedTuple):
    """A table, what its files are called, and itself in full precision."""

    name: str
    table: TextTable
    csv: str


def ends_table(figure: CurvesFigure) -> OwnTable:
    """Where each curve of each setting ends, and the best validation accuracy with the entry that has it."""
    curves = [
        f"{split}_{metric}"
        for metric in ("loss", "cost", "accuracy")
        for split in _SPLITS
        if any(f"{split}_{metric}" in row.curves for row in figure.rows)
    ]
    best = "val_accuracy" in curves
    lines = []
    for row in figure.rows:
        ends = [_last(row.curves.get(curve)) for curve in curves]
        top = max(_points(row.curves.get("val_accuracy")), key=lambda point: point[1], default=None)
        lines.append([row.row, *ends, *(((top[1], top[0]) if top else (None, None)) if best else ())])
    heads = [(_SPLITS[split], metric) for split, metric in (curve.split("_", 1) for curve in curves)]
    heads += [("best validation", "accuracy"), ("at", figure.x)] * best
    names = ["setting", *(" ".join(words) for words in heads)]
    body = [
        [one_line(str(name)), *("-" if value is None else f"{value:.4f}" for value in values[: len(curves) + best]),
         *("-" if value is None else f"{value:g}" for value in values[len(curves) + best :])]
        for name, *values in lines
    ]  # fmt: skip
    table = TextTable("where the curves end", [*zip(("setting", ""), *heads, strict=True)], body)
    return OwnTable("history", table, csv_table(names, lines))


def _points(band: Band | None) -> list[tuple[float, float]]:
    """The entries of a curve that are numbers."""
    pairs = zip(band.epoch or [], band.mean, strict=False) if band else ()
    return [(entry, value) for entry, value in pairs if value is not None]


def _last(band: Band | None) -> float | None:
    return next((value for _, value in reversed(_points(band))), None)


def gradients_table(name: str, rows: Sequence[MeasuredDifference]) -> OwnTable:
    """Gradients beside numeric ones, as the tables of reports have them."""
    # What steps they were taken with, the file does not say.
    table = differences_table(name, rows, NOTES[:1])
    return OwnTable("gradients", table, differences_csv(rows))


MOST = 10
"""Settings that a search's table shows."""


def search_table(search: SearchScores) -> OwnTable:
    """The best settings of a search, the best first, with standard errors; how many nets each has where not all have as
    many."""
    sign = 1 if search.metric == "val_loss" else -1
    points = sorted(search.replicates[0], key=lambda point: sign * point.score)
    keys, score = searched(search), score_name(search)
    inits = [point.inits or search.inits for point in points]
    several, uneven = search.inits > 1, len(set(inits)) > 1
    lines = [
        [*(flat(point.values).get(key) for key in keys), point.score, point.error, *[own] * uneven]
        for point, own in zip(points, inits, strict=True)
    ]
    body = [
        [
            *(short(flat(point.values).get(key)) for key in keys),
            f"{point.score:.4f}",
            *["-" if point.error is None else f"{point.error:.4f}"] * several,
            *[str(own)] * uneven,
        ]
        for point, own in zip(points[:MOST], inits, strict=False)
    ]
    notes = [f"mean of {inits_text(search)}; ±: its standard error"] if several else []
    better = f", {direction(search)}" * bool(search.called)
    caption = f"the best {len(body)} of {len(points)} settings by {score}{better}"
    head = [*map(one_line, keys), score, *["±"] * several, *["inits"] * uneven]
    names = [*keys, score, "standard error", *["inits"] * uneven]
    return OwnTable("search", TextTable(caption, [head], body, text=0, notes=notes), csv_table(names, lines))
