"""Histories that other programs wrote: columns recognised by their usual names, every guess said."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from chainrule.errors import DataError, SettingsError, suggestion
from chainrule.records.base import Number
from chainrule.records.figures import Band, CurvesFigure, RowCurves
from chainrule.report.column_roles import Roles, recognise
from chainrule.report.columns import Series, read_columns
from chainrule.text import excerpt

MOST = 1000
"""Entries of a curve that are drawn; of more, every second or third and so on."""

MOST_LISTED = 20
"""Names of columns in one line."""

_NAMES = "name one loss, accuracy, train_loss, val_loss, val_accuracy or learning_rate"
_SAID = {"train": "training", "val": "validation", "test": "test"}


def read_histories(
    paths: Sequence[Path], columns: Mapping[str, str] | None = None
) -> tuple[CurvesFigure, list[str]]:
    """The curves of some files, a setting each, and what was guessed of each in a line.

    Args:
        paths: ``.csv`` or ``.tsv`` with a line of names; ``.json``, an object of lists, perhaps below ``history`` or
            ``log_history``, or a list of objects; ``.npz``; ``.mat``. A list of lists, or an array (R, E), holds R
            runs of E entries, such as seeds.
        columns: what columns hold, where their names do not tell: ``{"loss": "kostnad"}``.

    Raises:
        SettingsError: no file has such a column, or the name says nothing.
        DataError: a file cannot be read, or no column with numbers is recognised.
    """
    rows, notes, counted = [], [], []
    for path in paths:
        runs = [_renamed(run, columns or {}) for run in read_columns(path)]
        roles = recognise(list(dict.fromkeys(name for run in runs for name in run)))
        if not roles.curves and roles.rate is None:
            raise DataError(
                f"{path}: no column is recognised among {_listed(roles.left_out) or 'none'}; {_NAMES}"
            )
        row, count, said = _row(path, runs, roles, columns or {})
        rows.append(row)
        counted.append(count)
        notes.append(f"{path.name}: {'; '.join(said)}")
    x = counted[0] if len(set(counted)) == 1 else " or ".join(dict.fromkeys(counted))
    figure = CurvesFigure(
        recipe="history", title=", ".join(path.name for path in paths), x=x, rows=_named(rows, paths)
    )
    return figure, notes


def _renamed(run: dict[str, Series], columns: Mapping[str, str]) -> dict[str, Series]:
    """Columns under the names that say what they hold, in the place of others of these names."""
    for name, column in columns.items():
        roles = recognise([name])
        if not (roles.curves or roles.rate or roles.counts):
            raise SettingsError(
                f"column '{excerpt(column)}': '{excerpt(name)}' is nothing that is drawn; {_NAMES}"
            )
        if column not in run:
            raise SettingsError(f"column '{excerpt(column)}': is not there; {suggestion(column, run)}")
    told = {column: name for name, column in columns.items()}
    return {told.get(key, key): own for key, own in run.items() if key in told or key not in columns}


def _named(rows: Sequence[RowCurves], paths: Sequence[Path]) -> list[RowCurves]:
    """Rows called after their files; after whole paths where files are called alike."""
    stems = [path.stem for path in paths]
    names = [stem if stems.count(stem) == 1 else str(path) for stem, path in zip(stems, paths, strict=True)]
    return [row.model_copy(update={"row": name}) for row, name in zip(rows, names, strict=True)]


def _row(
    path: Path, runs: Sequence[dict[str, Series]], roles: Roles, columns: Mapping[str, str]
) -> tuple[RowCurves, str, list[str]]:
    """One file's curves over its runs, what they are counted in, and what was guessed; ``columns`` as the file calls
    those that were renamed."""

    def column(name: str) -> str:
        return f"column '{excerpt(columns.get(name, name))}'"

    count = _count(runs, roles)
    tables = [_by_count(run, roles, count) for run in runs]
    said = [f"{_curve_words(curve)} is {column(name)}" for curve, name in roles.curves.items()]
    said += [f"learning rate is {column(roles.rate)}"] if roles.rate else []
    said += [
        f"{count} is {column(roles.counts[count])}" if count in roles.counts else f"each entry is one {count}"
    ]
    counted = [run.get(roles.counts.get(count, ""), np.array([])) for run in runs]
    if blank := sum(int(np.isnan(column).sum()) for column in counted):
        said.append(f"{blank} lines without {count} count as that of the line before")
    by = f", by {column(roles.run)}" if roles.run else ""
    said += [f"{len(runs)} runs{by}"] if len(runs) > 1 else []
    curves = {}
    for curve, name in roles.curves.items():
        curves[curve], words = _band(curve, name, [table.get(name, {}) for table in tables])
        said += words
    rates = tables[0].get(roles.rate or "", {})
    said += [f"not used: {_listed(roles.left_out)}"] if roles.left_out else []
    if not any(math.isfinite(value) for table in tables for own in table.values() for value in own.values()):
        named = ", ".join(excerpt(name) for name in [*roles.curves.values(), roles.rate] if name)
        raise DataError(f"{path}: no entry of {named} is a number; write them as 0.25 or 2.5e-1")
    x = _entries(
        {entry for band in curves.values() for entry in band.epoch or []} | set(_thinned(sorted(rates)))
    )
    kept = [float(rates.get(entry, math.nan)) for entry in x]
    row = RowCurves(
        row=path.stem, seeds=len(runs), epoch=x, learning_rate=_finite(kept) if rates else [], curves=curves
    )
    return row, count, said


def _band(curve: str, name: str, runs: Sequence[dict[float, float]]) -> tuple[Band, list[str]]:
    """A curve over the entries that any run has, and what is to say of them."""
    entries = sorted({entry for run in runs for entry in run})
    x = _thinned(entries)
    values = np.array([[run.get(entry, math.nan) for entry in x] for run in runs])
    values[~np.isfinite(values)] = math.nan
    said = []
    if len(x) < len(entries):
        said.append(f"of {len(entries)} entries of column '{excerpt(name)}' {len(x)} are drawn")
    if curve.endswith("accuracy") and 1 < np.nanmax(values, initial=0.0) <= 100:
        values = values / 100
        said.append(f"column '{excerpt(name)}' is in per cent")
    if holes := int(np.isnan(values).any(axis=0).sum()):
        said.append(f"{holes} of {len(x)} entries of column '{excerpt(name)}' are no numbers and left out")
    with np.errstate(over="ignore"):
        spread = [_finite(values.mean(0)), _finite(values.min(0)), _finite(values.max(0))]
    return Band(epoch=_entries(x), mean=spread[0], low=spread[1], high=spread[2]), said


def _thinned(entries: Sequence[float]) -> list[float]:
    """At most :data:`MOST` entries at equal distances, the last among them."""
    step = -(-len(entries) // MOST) or 1
    return list(entries[::-1][::step][::-1])


def _entries(x: Iterable[float]) -> list[int] | list[float]:
    """Sorted, as whole numbers where all are."""
    ordered = sorted(x)
    whole = all(float(entry).is_integer() for entry in ordered)
    return [int(entry) for entry in ordered] if whole else ordered


def _count(runs: Sequence[dict[str, Series]], roles: Roles) -> str:
    """Epochs, unless a column has several values in one of them and steps are known too."""
    if "epoch" in roles.counts and "step" in roles.counts:
        kept = [roles.counts["epoch"], *roles.curves.values()]
        for run in runs:
            epochs = run[kept[0]]
            for name in kept[1:]:
                told = epochs[~np.isnan(run[name][: len(epochs)])]
                if len(set(told.tolist())) < len(told):
                    return "step"
    return "step" if "step" in roles.counts and "epoch" not in roles.counts else "epoch"


def _by_count(run: dict[str, Series], roles: Roles, count: str) -> dict[str, dict[float, float]]:
    """What each column holds at each entry, by what counts it; of several values at one entry the last."""
    length = max(map(len, run.values()), default=0)
    column = run.get(roles.counts.get(count, ""))
    x = np.arange(1, length + 1, dtype=np.float64) if column is None else _filled(column)
    return {
        name: {
            entry: value
            for entry, value in zip(x.tolist(), run[name].tolist(), strict=False)
            if math.isfinite(entry) and not math.isnan(value)
        }
        for name in [*roles.curves.values(), *([roles.rate] if roles.rate else [])]
    }


def _filled(column: Series) -> Series:
    """Lines without a count are the last one's before them: Lightning writes rates so."""
    told = np.flatnonzero(~np.isnan(column))
    if not len(told):
        return column
    nearest = np.searchsorted(told, np.arange(len(column)), side="right") - 1
    filled: Series = column[told[nearest.clip(0)]]
    return filled


def _listed(names: Sequence[str]) -> str:
    """Names of columns, of many the first."""
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return ", ".join(map(excerpt, names[:MOST_LISTED])) + more


def _curve_words(curve: str) -> str:
    split, _, metric = curve.partition("_")
    return f"{_SAID[split]} {metric}"


def _finite(values: Iterable[float]) -> list[Number]:
    return [float(value) if math.isfinite(value) else None for value in values]
