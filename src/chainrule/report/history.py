"""Histories that other programs wrote: columns recognised by their usual names, every guess said."""

from __future__ import annotations

import codecs
import csv
import io
import json
import math
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import DataError
from chainrule.files import reported
from chainrule.records.base import Number
from chainrule.records.figures import Band, CurvesFigure, RowCurves
from chainrule.text import excerpt

Series = NDArray[np.float64]
"""One column of one run: NaN where nothing was written, infinite where that is no number."""

SUFFIXES = (".csv", ".tsv", ".json", ".npz")
MOST = 1000
"""Entries of a curve that are drawn; of more, every second or third and so on."""

_SPLITS = {
    "train": {"train", "training", "tr"}, "val": {"val", "valid", "validation", "dev", "eval", "evaluation"},
    "test": {"test", "testing"},
}  # fmt: skip
_METRICS = {
    "learning_rate": {"lr", "learningrate", "eta"}, "loss": {"loss", "nll", "crossentropy", "logloss", "mlogloss"},
    "cost": {"cost", "objective"}, "accuracy": {"accuracy", "acc", "top1"},
}  # fmt: skip
_COUNTS = {
    "epoch": {"epoch", "epochs"},
    "step": {"step", "steps", "iteration", "iterations", "iter", "globalstep"},
}
_RUNS = {"seed", "run", "fold", "replicate"}
_SAID = {"train": "training", "val": "validation", "test": "test"}


@dataclass(frozen=True)
class Roles:
    """What columns are taken for: a curve's name such as ``val_loss``, ``learning_rate``, a count, the run."""

    curves: dict[str, str]
    rate: str | None
    counts: dict[str, str]
    run: str | None
    left_out: list[str]


def read_histories(paths: Sequence[Path]) -> tuple[CurvesFigure, list[str]]:
    """The curves of some files, a setting each, and what was guessed of each in a line.

    Args:
        paths: ``.csv`` or ``.tsv`` with a line of names; ``.json``, an object of lists, perhaps below ``history`` or
            ``log_history``, or a list of objects; ``.npz``. A list of lists, or an array (R, E), holds R runs of E
            entries, such as seeds.

    Raises:
        DataError: a file cannot be read, or no column with numbers is recognised.
    """
    rows, notes, counted = [], [], []
    for path in paths:
        runs = _columns(path)
        roles = recognise(list(dict.fromkeys(name for run in runs for name in run)))
        if not roles.curves and roles.rate is None:
            raise DataError(
                f"{path}: no column is recognised among {', '.join(map(excerpt, roles.left_out)) or 'none'}; name one "
                "loss, accuracy, train_loss, val_loss, val_accuracy or learning_rate"
            )
        row, count, said = _row(path, runs, roles)
        rows.append(row)
        counted.append(count)
        notes.append(f"{path.name}: {'; '.join(said)}")
    x = counted[0] if len(set(counted)) == 1 else " or ".join(dict.fromkeys(counted))
    figure = CurvesFigure(
        recipe="history", title=", ".join(path.name for path in paths), x=x, rows=_named(rows, paths)
    )
    return figure, notes


def _named(rows: Sequence[RowCurves], paths: Sequence[Path]) -> list[RowCurves]:
    """Rows called after their files; after whole paths where files are called alike."""
    stems = [path.stem for path in paths]
    names = [stem if stems.count(stem) == 1 else str(path) for stem, path in zip(stems, paths, strict=True)]
    return [row.model_copy(update={"row": name}) for row, name in zip(rows, names, strict=True)]


def recognise(names: Iterable[str]) -> Roles:
    """What columns of these names hold; of two that seem to hold the same, the first."""
    curves: dict[str, str] = {}
    counts: dict[str, str] = {}
    rate = run = None
    left_out = []
    for name in names:
        words = _words(name)
        metric = next((metric for metric, known in _METRICS.items() if words & known), None)
        count = next((count for count, known in _COUNTS.items() if words and words <= known), None)
        split = next((split for split, known in _SPLITS.items() if words & known), "train")
        if count and count not in counts:
            counts[count] = name
        elif words and words <= _RUNS and run is None:
            run = name
        elif metric == "learning_rate" and rate is None:
            rate = name
        elif (
            metric and metric != "learning_rate" and "step" not in words and f"{split}_{metric}" not in curves
        ):
            curves[f"{split}_{metric}"] = name
        else:
            left_out.append(name)
    return Roles(curves, rate, counts, run, left_out)


def _words(name: str) -> set[str]:
    """The words of a name, in small letters: of ``valLoss``, ``val/loss`` and ``Val loss`` the same."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    joined = re.sub(r"(learning|global|cross)[ _-]*(rate|step|entropy)", r"\1\2", apart)
    return set(re.findall(r"[a-z]+\d*", joined))


def _columns(path: Path) -> list[dict[str, Series]]:
    """The columns of every run in a file."""
    if path.suffix.lower() not in SUFFIXES:
        raise DataError(f"{path}: is no {', '.join(SUFFIXES)} file; write the history as one of these")
    with reported(path, "read"):
        data = path.read_bytes()
    readers = {".csv": _from_csv, ".tsv": _from_csv, ".json": _from_json, ".npz": _from_npz}
    try:
        runs = readers[path.suffix.lower()](data)
    except (ValueError, KeyError, EOFError, RecursionError, OSError, csv.Error) as error:
        raise DataError(f"{path}: cannot be read as {path.suffix.lower()[1:]}: {excerpt(error)}") from error
    if not any(len(column) for run in runs for column in run.values()):
        raise DataError(f"{path}: holds no numbers; write a line of names and a line an epoch")
    return runs


def _from_csv(data: bytes) -> list[dict[str, Series]]:
    lines = [line for line in _text(data).splitlines() if line.strip()]
    # numpy.savetxt writes the names behind a #; other comments come before them.
    while len(lines) > 1 and lines[0].startswith("#") and not _begins_with_number(lines[1]):
        del lines[0]
    head, first = [*lines, "", ""][:2]
    often = {mark: min(head.count(mark), first.count(mark)) for mark in ",;\t"}
    mark = max(often, key=lambda mark: often[mark])
    mark = mark if often[mark] or not min(head.count(" "), first.count(" ")) else " "
    names, *table = csv.reader([head.lstrip("# "), *lines[1:]], delimiter=mark, skipinitialspace=True)
    if twice := [name for name in dict.fromkeys(names) if name and names.count(name) > 1]:
        raise ValueError(f"two columns are called '{twice[0]}'")
    run = recognise(names).run
    groups: dict[str, list[list[str]]] = {}
    for line in table:
        cells = [*line, *[""] * (len(names) - len(line))]
        groups.setdefault(cells[names.index(run)] if run is not None else "", []).append(cells)
    comma = mark == ";"
    return [
        {
            name: _numbers(line[i].replace(",", ".") if comma else line[i] for line in group)
            for i, name in enumerate(names)
            if name
        }
        for group in groups.values()
    ]


def _text(data: bytes) -> str:
    """Text as UTF-8 or, as spreadsheets write it, UTF-16 or Windows' Latin letters."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _begins_with_number(line: str) -> bool:
    return re.match(r"\s*[-+.]?\d", line) is not None


def _from_json(data: bytes) -> list[dict[str, Series]]:
    document = json.loads(data)
    for key in ("history", "log_history"):
        if isinstance(document, dict) and isinstance(document.get(key), dict | list):
            document = document[key]
    if isinstance(document, list) and all(isinstance(entry, dict) for entry in document):
        names = dict.fromkeys(name for entry in document for name in entry)
        document = {name: [entry.get(name) for entry in document] for name in names}
    if not isinstance(document, dict):
        raise ValueError("is neither an object of lists nor a list of objects")
    return _runs({str(name): values for name, values in document.items() if isinstance(values, list)})


def _from_npz(data: bytes) -> list[dict[str, Series]]:
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise ValueError("is no archive of arrays")
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        columns = {name: arrays[name] for name in arrays.files}
    return _runs({name: array.tolist() for name, array in columns.items() if array.ndim in (1, 2)})


def _runs(columns: Mapping[str, list[Any]]) -> list[dict[str, Series]]:
    """Lists of numbers are one run's; lists of lists have a run each."""
    nested = {name for name, values in columns.items() if values and all(isinstance(v, list) for v in values)}
    count = max((len(columns[name]) for name in nested), default=1)
    return [
        {
            name: _numbers(values if name not in nested else values[run] if run < len(values) else [])
            for name, values in columns.items()
        }
        for run in range(count)
    ]


def _numbers(values: Iterable[Any]) -> Series:
    return np.array([_number(value) for value in values], np.float64)


def _number(value: Any) -> float:
    if value is None or value == "":
        return math.nan
    try:
        number = float(value)
    except (TypeError, ValueError):
        return math.inf
    return number if math.isfinite(number) else math.inf


def _row(path: Path, runs: Sequence[dict[str, Series]], roles: Roles) -> tuple[RowCurves, str, list[str]]:
    """One file's curves over its runs, what they are counted in, and what was guessed."""
    count = _count(runs, roles)
    tables = [_by_count(run, roles, count) for run in runs]
    said = [f"{_curve_words(curve)} is column '{excerpt(name)}'" for curve, name in roles.curves.items()]
    said += [f"learning rate is column '{excerpt(roles.rate)}'"] if roles.rate else []
    said += [
        f"{count} is column '{excerpt(roles.counts[count])}'"
        if count in roles.counts
        else f"each entry is one {count}"
    ]
    counted = [run.get(roles.counts.get(count, ""), np.array([])) for run in runs]
    if blank := sum(int(np.isnan(column).sum()) for column in counted):
        said.append(f"{blank} lines without {count} count as that of the line before")
    by = f", by column '{excerpt(roles.run)}'" if roles.run else ""
    said += [f"{len(runs)} runs{by}"] if len(runs) > 1 else []
    curves = {}
    for curve, name in roles.curves.items():
        curves[curve], words = _band(curve, name, [table.get(name, {}) for table in tables])
        said += words
    rates = tables[0].get(roles.rate or "", {})
    said += [f"not used: {', '.join(map(excerpt, roles.left_out))}"] if roles.left_out else []
    if not any(math.isfinite(value) for table in tables for own in table.values() for value in own.values()):
        columns = ", ".join(excerpt(name) for name in [*roles.curves.values(), roles.rate] if name)
        raise DataError(f"{path}: no entry of {columns} is a number; write them as 0.25 or 2.5e-1")
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


def _curve_words(curve: str) -> str:
    split, _, metric = curve.partition("_")
    return f"{_SAID[split]} {metric}"


def _finite(values: Iterable[float]) -> list[Number]:
    return [float(value) if math.isfinite(value) else None for value in values]
