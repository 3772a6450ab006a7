"""Histories that other programs wrote: columns recognised by their usual names, every guess said."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import DataError
from chainrule.figure_records import Band, CurvesFigure, RowCurves
from chainrule.files import reported
from chainrule.quoting import shown
from chainrule.records import Number

Series = NDArray[np.float64]
"""One column of one run, NaN where there is no number."""

SUFFIXES = (".csv", ".json", ".npz")

_SPLITS = {
    "train": {"train", "training", "tr"}, "val": {"val", "valid", "validation", "dev"}, "test": {"test", "testing"},
}  # fmt: skip
_METRICS = {
    "learning_rate": {"lr", "learningrate", "eta"}, "loss": {"loss", "nll", "crossentropy"},
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
        paths: ``.csv`` with a line of names; ``.json``, an object of lists, perhaps below ``history``, or a list of
            objects; ``.npz``. A list of lists, or an array (R, E), holds R runs of E entries, such as seeds.

    Raises:
        DataError: a file cannot be read, or no column is recognised.
    """
    rows, notes, counted = [], [], []
    for path in paths:
        runs = _columns(path)
        roles = recognise(list(dict.fromkeys(name for run in runs for name in run)))
        if not roles.curves and roles.rate is None:
            raise DataError(
                f"{path}: no column is recognised among {', '.join(map(shown, roles.left_out)) or 'none'}; name one "
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
    readers = {".csv": _from_csv, ".json": _from_json, ".npz": _from_npz}
    try:
        runs = readers[path.suffix.lower()](data)
    except (ValueError, KeyError, EOFError, RecursionError, OSError, csv.Error) as error:
        raise DataError(f"{path}: cannot be read as {path.suffix.lower()[1:]}: {shown(error)}") from error
    if not any(len(column) for run in runs for column in run.values()):
        raise DataError(f"{path}: holds no numbers; write a line of names and a line an epoch")
    return runs


def _from_csv(data: bytes) -> list[dict[str, Series]]:
    text = data.decode("utf-8-sig")
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    lines = list(reader)
    names = [name for name in reader.fieldnames or [] if name]
    run = recognise(names).run
    groups: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        groups.setdefault(line[run] if run else "", []).append(line)
    return [{name: _numbers([line[name] for line in group]) for name in names} for group in groups.values()]


def _from_json(data: bytes) -> list[dict[str, Series]]:
    document = json.loads(data.decode("utf-8-sig"))
    if isinstance(document, dict) and isinstance(document.get("history"), dict | list):
        document = document["history"]
    if isinstance(document, list) and all(isinstance(entry, dict) for entry in document):
        names = dict.fromkeys(name for entry in document for name in entry)
        document = {name: [entry.get(name) for entry in document] for name in names}
    if not isinstance(document, dict):
        raise ValueError("is neither an object of lists nor a list of objects")
    return _runs({str(name): values for name, values in document.items() if isinstance(values, list)})


def _from_npz(data: bytes) -> list[dict[str, Series]]:
    import zipfile

    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
    except zipfile.BadZipFile as error:
        raise ValueError("is no archive of arrays") from error
    return _runs({name: array.tolist() for name, array in found.items() if array.ndim in (1, 2)})


def _runs(columns: Mapping[str, list[Any]]) -> list[dict[str, Series]]:
    """Lists of numbers are one run's; lists of lists have a run each."""
    nested = {
        name for name, values in columns.items() if values and all(isinstance(one, list) for one in values)
    }
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
    try:
        number = float(value)
    except (TypeError, ValueError):
        return math.nan
    return number if math.isfinite(number) else math.nan


def _row(path: Path, runs: Sequence[dict[str, Series]], roles: Roles) -> tuple[RowCurves, str, list[str]]:
    """One file's curves over its runs, what they are counted in, and what was guessed."""
    count = _count(runs, roles)
    tables = [_by_count(run, roles, count) for run in runs]
    x = sorted({entry for table in tables for entry in table})
    said = [f"{_curve_words(curve)} is column '{shown(name)}'" for curve, name in roles.curves.items()]
    said += [f"learning rate is column '{shown(roles.rate)}'"] if roles.rate else []
    said += [
        f"{count} is column '{shown(roles.counts[count])}'"
        if count in roles.counts
        else f"each entry is one {count}"
    ]
    said += (
        [f"{len(runs)} runs" + (f", by column '{shown(roles.run)}'" if roles.run else "")]
        if len(runs) > 1
        else []
    )
    curves = {}
    for curve, name in roles.curves.items():
        values = np.array([[table.get(entry, {}).get(name, math.nan) for entry in x] for table in tables])
        if curve.endswith("accuracy") and 1 < np.nanmax(values, initial=0.0) <= 100:
            values = values / 100
            said.append(f"column '{shown(name)}' is in per cent")
        curves[curve] = Band(
            mean=_finite(values.mean(0)), low=_finite(values.min(0)), high=_finite(values.max(0))
        )
        holes = int(np.isnan(values).any(axis=0).sum())
        said += (
            [f"{holes} of {len(x)} entries of column '{shown(name)}' are no numbers and left out"]
            if holes
            else []
        )
    said += [f"not recognised: {', '.join(map(shown, roles.left_out))}"] if roles.left_out else []
    rates = (
        _finite([tables[0].get(entry, {}).get(roles.rate or "", math.nan) for entry in x])
        if roles.rate
        else []
    )
    entries: list[int] | list[float] = (
        [int(one) for one in x] if all(float(one).is_integer() for one in x) else x
    )
    row = RowCurves(row=path.stem, seeds=len(runs), epoch=entries, learning_rate=rates, curves=curves)
    return row, count, said


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


def _by_count(run: dict[str, Series], roles: Roles, count: str) -> dict[float, dict[str, float]]:
    """The values of each entry, by what counts it; of several for one column the last."""
    length = max(map(len, run.values()), default=0)
    column = run.get(roles.counts.get(count, ""))
    x = np.arange(1, length + 1, dtype=np.float64) if column is None else column
    table: dict[float, dict[str, float]] = {}
    for name in [*roles.curves.values(), *([roles.rate] if roles.rate else [])]:
        for entry, value in zip(x.tolist(), run[name].tolist(), strict=False):
            if not math.isnan(entry):
                own = table.setdefault(entry, {})
                if not math.isnan(value) or name not in own:
                    own[name] = value
    return table


def _curve_words(curve: str) -> str:
    split, _, metric = curve.partition("_")
    return f"{_SAID[split]} {metric}"


def _finite(values: Iterable[float]) -> list[Number]:
    return [float(value) if math.isfinite(value) else None for value in values]
