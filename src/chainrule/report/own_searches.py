"""Searches that other programs wrote, a line a net: what was varied, and how each setting scored over its inits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, NamedTuple

import numpy as np

from chainrule.errors import DataError, SettingsError, suggestion
from chainrule.records.figures import SearchesFigure, SearchPoint, SearchScores
from chainrule.records.searches import Metric
from chainrule.report.column_roles import is_count, is_error, is_label, is_result, recognise
from chainrule.report.columns import Series, read_cells, to_numbers
from chainrule.report.searched import direction, inits_text
from chainrule.text import excerpt

_SCORES = ("val_accuracy", "val_loss", "train_accuracy")
"""What settings may be chosen by, the first that a file has; an accuracy without a split may be that of validation."""
_LEAST = 2
_GAP = "none"
"""The value of a setting that a line does not name."""

WrittenColumns = Mapping[str, Sequence[Any]]


class _Score(NamedTuple):
    """The column that settings are chosen by, what it is, and its own name, where that is no usual one."""

    column: str
    metric: Metric
    called: str
    is_accuracy: bool


def read_search(
    path: Path, score: str | None = None, smaller: bool = False
) -> tuple[SearchesFigure, list[str]]:
    """The search in a file with a line a net, and what was guessed.

    Nets of the same settings are inits of one: their scores are averaged. Every other column with several values, texts
    too, is a setting that was searched, but for those whose names say that they are results, seeds or labels; epochs
    are one where several nets share each number of them.

    Args:
        path: ``.csv``, ``.tsv``, ``.json``, ``.npz`` or ``.mat``, as histories are.
        score: the column by which settings are chosen; by default that of validation accuracy or loss.
        smaller: whether less of it is better, as of losses and errors it always is.

    Raises:
        SettingsError: there is no such column.
        DataError: the file cannot be read, has no score, or varies nothing.
    """
    columns = _together(read_cells(path))
    by = _score(path, columns, score, smaller)
    scores = _numbers(path, columns, by)
    settings = _settings(columns, by.column)
    if not settings:
        raise DataError(
            f"{path}: no column of settings has two values; write a line a net, as in lambda,accuracy"
        )
    found: dict[tuple[Any, ...], list[float]] = {}
    for values, value in zip(zip(*settings.values(), strict=True), scores.tolist(), strict=True):
        if math.isfinite(value):
            found.setdefault(values, []).append(value)
    search = SearchScores(
        name=path.stem,
        setting={},
        inits=max(map(len, found.values())),
        published_best={},
        replicates=[[_point(dict(zip(settings, values, strict=True)), own) for values, own in found.items()]],
        metric=by.metric,
        called=by.called,
    )
    return SearchesFigure(recipe="search", title=path.name, searches=[search]), _said(
        path, columns, search, by, list(settings)
    )


def _said(
    path: Path, columns: WrittenColumns, search: SearchScores, by: _Score, settings: Sequence[str]
) -> list[str]:
    better = f", {direction(search)}" * bool(by.called)
    others = [name for name in columns if name not in (by.column, *settings) and _varies(columns[name])]
    left = f"; not searched: {', '.join(map(excerpt, others))}" * bool(others)
    averaged = ", averaged" * (search.inits > 1)
    return [
        f"{path.name}: {excerpt(by.column)} is the score{better}; searched: {', '.join(map(excerpt, settings))}{left}",
        f"{len(search.replicates[0])} settings of {inits_text(search)} each{averaged}",
    ]


def _together(runs: Sequence[WrittenColumns]) -> dict[str, list[Any]]:
    """The columns of all runs, one run behind the other: a column of seeds makes a run of each."""
    names = dict.fromkeys(name for run in runs for name in run)
    return {name: [cell for run in runs for cell in run.get(name, [])] for name in names}


def _score(path: Path, columns: WrittenColumns, score: str | None, smaller: bool) -> _Score:
    """What settings are chosen by.

    Raises:
        SettingsError: there is no such column.
        DataError: no column's name tells.
    """
    if score is None:
        curves = recognise(list(columns)).curves
        score = next((curves[role] for role in _SCORES if role in curves), None)
    if score is None:
        raise DataError(f"{path}: no column is a score; name it, as in --score noggrannhet")
    if score not in columns:
        raise SettingsError(f"column '{excerpt(score)}': is not there; {suggestion(score, columns)}")
    role = next(iter(recognise([score]).curves), "")
    metric: Metric = "val_loss" if smaller or is_error(score) else "val_accuracy"
    return _Score(score, metric, "" if role == metric else score, role.endswith("accuracy"))


def _numbers(path: Path, columns: WrittenColumns, by: _Score) -> Series:
    """The score of each net; of accuracies per cents are shares."""
    scores = to_numbers(columns[by.column])
    known = scores[np.isfinite(scores)]
    if not len(known):
        raise DataError(
            f"{path}: column '{excerpt(by.column)}' holds no number that settings could be chosen by; "
            "name another with --score"
        )
    return scores / 100 if by.is_accuracy and known.max() > 1 else scores


def _settings(columns: WrittenColumns, score: str) -> dict[str, list[Any]]:
    """The settings of each net, by the columns that hold them."""
    lines = len(columns[score])
    varied = {
        name: [_value(cell) for cell in cells]
        for name, cells in columns.items()
        if name != score and len(cells) == lines and not is_label(name) and _varies(cells)
    }
    varied = {name: own for name, own in varied.items() if not (is_result(name) and _are_numbers(own))}
    # Epochs that each net was trained for until it was stopped are no setting: few nets share them.
    counts = {name for name, own in varied.items() if is_count(name) and 2 * len(set(own)) > lines}
    return {name: own for name, own in varied.items() if name not in counts} or varied


def _varies(cells: Sequence[Any]) -> bool:
    return len({_value(cell) for cell in cells}) >= _LEAST


def _value(cell: Any) -> float | str:
    """A number where it is one, else a text."""
    (number,) = to_numbers([cell])
    if math.isfinite(number):
        return float(number)
    return _GAP if math.isnan(number) else str(cell).strip()


def _are_numbers(values: Sequence[float | str]) -> bool:
    """Whether all are, but for gaps."""
    return all(isinstance(value, float) or value == _GAP for value in values)


def _point(values: dict[str, Any], scores: Sequence[float]) -> SearchPoint:
    several = len(scores) > 1
    error = stdev(scores) / math.sqrt(len(scores)) if several else None
    return SearchPoint(values=values, score=fmean(scores), error=error, inits=len(scores))
