"""Searches that other programs wrote, a line a net: what was varied, and how each setting scored over its inits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean, stdev

import numpy as np

from chainrule.errors import DataError, SettingsError, suggestion
from chainrule.records.figures import SearchesFigure, SearchPoint, SearchScores
from chainrule.records.searches import Metric
from chainrule.report.column_roles import recognise
from chainrule.report.columns import Series, read_columns
from chainrule.text import excerpt

_SCORES: dict[str, Metric] = {
    "val_accuracy": "val_accuracy",
    "val_loss": "val_loss",
    "train_accuracy": "val_accuracy",
}
"""What settings may be chosen by, the first that a file has; an accuracy without a split is that of validation."""
_LEAST = 2


def read_search(path: Path, score: str | None = None) -> tuple[SearchesFigure, list[str]]:
    """The search in a file with a line a net, and what was guessed.

    Nets of the same settings are inits of one: their scores are averaged. Every other column with several numbers is a
    setting that was searched.

    Args:
        path: ``.csv``, ``.tsv``, ``.json``, ``.npz`` or ``.mat``, as histories are.
        score: the column by which settings are chosen, an accuracy; by default that of validation accuracy or loss.

    Raises:
        SettingsError: there is no such column.
        DataError: the file cannot be read, has no score, or varies nothing.
    """
    columns = _together(read_columns(path))
    metric, name = _score(path, columns, score)
    known = recognise(list(columns))
    settings = [
        key
        for key, values in columns.items()
        if key not in (name, known.run, *known.curves.values(), *known.counts.values())
        and len(values) == len(columns[name])
        and np.isfinite(values).all()
        and len(set(values.tolist())) >= _LEAST
    ]
    if not settings:
        raise DataError(
            f"{path}: no column of settings has two numbers; write a line a net, as in lambda,accuracy"
        )
    scores = (
        columns[name] / 100 if metric == "val_accuracy" and np.nanmax(columns[name]) > 1 else columns[name]
    )
    found: dict[tuple[float, ...], list[float]] = {}
    for i, value in enumerate(scores.tolist()):
        if math.isfinite(value):
            found.setdefault(tuple(float(columns[key][i]) for key in settings), []).append(value)
    inits = max(map(len, found.values()), default=1)
    points = [
        SearchPoint(
            values=dict(zip(settings, values, strict=True)),
            score=fmean(own),
            error=stdev(own) / math.sqrt(len(own)) if len(own) > 1 else 0.0,
        )
        for values, own in found.items()
    ]
    said = [
        f"{path.name}: {excerpt(name)} is the score; searched: {', '.join(map(excerpt, settings))}",
        f"{len(points)} settings of {inits} init{'s' * (inits > 1)} each"
        + (", averaged" if inits > 1 else ""),
    ]
    search = SearchScores(
        name=path.stem, setting={}, inits=inits, published_best={}, replicates=[points], metric=metric
    )
    return SearchesFigure(recipe="search", title=path.name, searches=[search]), said


def _together(runs: Sequence[Mapping[str, Series]]) -> dict[str, Series]:
    """The columns of all runs, one run behind the other: a column of seeds makes a run of each."""
    names = dict.fromkeys(name for run in runs for name in run)
    return {name: np.concatenate([run.get(name, np.array([])) for run in runs]) for name in names}


def _score(path: Path, columns: Mapping[str, Series], score: str | None) -> tuple[Metric, str]:
    """What settings are chosen by, and the column that holds it."""
    if score is not None:
        if score not in columns:
            raise SettingsError(f"column '{excerpt(score)}': is not there; {suggestion(score, columns)}")
        losses = [role for role in recognise([score]).curves if not role.endswith("accuracy")]
        return "val_loss" if losses else "val_accuracy", score
    curves = recognise(list(columns)).curves
    for role, metric in _SCORES.items():
        if role in curves:
            return metric, curves[role]
    raise DataError(f"{path}: no column is a score; name it, as in --score noggrannhet")
