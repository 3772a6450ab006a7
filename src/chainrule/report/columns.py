"""The columns of a history that anybody may have written, as numbers: CSV, JSON or arrays, none without a limit."""

from __future__ import annotations

import csv
import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import DataError
from chainrule.inputs import decoded, parsed_json, read_bytes
from chainrule.report.array_files import LARGEST, ReadArrays, of_matlab, refusal, unpacked
from chainrule.report.column_roles import recognise
from chainrule.text import excerpt

Series = NDArray[np.float64]
"""One column of one run: NaN where nothing was written, infinite where that is no number."""

SUFFIXES = (".csv", ".tsv", ".json", ".npz", ".mat")

WrittenColumn = list[Any]
"""The same as it was written: numbers, texts, None."""

MOST_COLUMNS = 20_000
"""Columns, those of each run counted by themselves."""

MOST_CELLS = 4_000_000


def read_columns(path: Path) -> list[dict[str, Series]]:
    """The columns of every run in a file, by name, as numbers.

    Raises:
        DataError: as :func:`read_cells`.
    """
    return [{name: to_numbers(cells) for name, cells in run.items()} for run in read_cells(path)]


def read_cells(path: Path) -> list[dict[str, WrittenColumn]]:
    """The columns of every run in a file, by name, as they were written.

    Raises:
        DataError: it cannot be read, is larger than any history, or holds no numbers.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise DataError(refusal(path, SUFFIXES, "json.dump(history, open('history.json', 'w'))"))
    repair = f"give a {', '.join(SUFFIXES)} file of at most {LARGEST // 2**20} MB"
    data = read_bytes(path, LARGEST, DataError, repair)
    readers = {
        ".csv": _from_csv,
        ".tsv": _from_csv,
        ".json": _from_json,
        ".npz": _from_npz,
        ".mat": _from_matlab,
    }
    try:
        runs = readers[path.suffix.lower()](data)
    except Exception as error:  # the libraries that read these forms have no one error for what they are not
        form, reason = path.suffix.lower()[1:], excerpt(str(error) or type(error).__name__)
        raise DataError(f"{path}: cannot be read as {form}: {reason}; write it again") from error
    if not any(len(column) for run in runs for column in run.values()):
        raise DataError(f"{path}: holds no numbers; write a line of names and a line an epoch")
    return runs


def _from_csv(data: bytes) -> list[dict[str, WrittenColumn]]:
    lines = [line for line in decoded(data).splitlines() if line.strip()]
    # numpy.savetxt writes the names behind a #; other comments come before them.
    pairs = enumerate(itertools.pairwise(lines))
    begins = (i for i, (line, after) in pairs if not line.startswith("#") or _begins_with_number(after))
    lines = lines[next(begins, len(lines) - 1) :]
    head, first = [*lines, "", ""][:2]
    often = {mark: min(head.count(mark), first.count(mark)) for mark in ",;\t"}
    mark = max(often, key=lambda mark: often[mark])
    mark = mark if often[mark] or not min(head.count(" "), first.count(" ")) else " "
    if len(lines) + sum(line.count(mark) for line in lines) > MOST_CELLS:
        raise ValueError(f"it has more than {MOST_CELLS} cells")
    names, *table = csv.reader([head.lstrip("# "), *lines[1:]], delimiter=mark, skipinitialspace=True)
    _require_few(len(names), len(names) * len(table))
    if twice := [name for name, count in Counter(names).items() if name and count > 1]:
        raise ValueError(f"two columns are called '{excerpt(twice[0])}'")
    run = recognise(names).run
    groups: dict[str, list[list[str]]] = {}
    for line in table:
        cells = [*line, *[""] * (len(names) - len(line))]
        groups.setdefault(cells[names.index(run)] if run is not None else "", []).append(cells)
    _require_few(len(names) * len(groups))
    comma = mark == ";"
    return [
        {
            name: [_with_point(line[i]) if comma else line[i] for line in group]
            for i, name in enumerate(names)
            if name
        }
        for group in groups.values()
    ]


def _begins_with_number(line: str) -> bool:
    return re.match(r"\s*[-+.]?\d", line) is not None


def _from_json(data: bytes) -> list[dict[str, WrittenColumn]]:
    document = parsed_json(data)
    for key in ("history", "log_history"):
        if isinstance(document, dict) and isinstance(document.get(key), dict | list):
            document = document[key]
    if isinstance(document, list) and all(isinstance(entry, dict) for entry in document):
        names = dict.fromkeys(name for entry in document for name in entry)
        _require_few(len(names), len(names) * len(document))
        document = {name: [entry.get(name) for entry in document] for name in names}
    if not isinstance(document, dict):
        raise ValueError("is neither an object of lists nor a list of objects")
    return _runs({str(name): values for name, values in document.items() if isinstance(values, list)})


def _from_npz(data: bytes) -> list[dict[str, WrittenColumn]]:
    return _from_arrays(unpacked(data))


def _from_matlab(data: bytes) -> list[dict[str, WrittenColumn]]:
    """MATLAB has no array of one axis: a row or a column is a curve."""
    return _from_arrays(
        {name: own.ravel() if 1 in own.shape else own for name, own in of_matlab(data).items()}
    )


def _from_arrays(found: ReadArrays) -> list[dict[str, WrittenColumn]]:
    arrays = {name: own for name, own in found.items() if own.ndim in (1, 2)}
    for own in arrays.values():
        _require_few(len(own) if own.ndim == 2 else 1)
    return _runs({name: own.tolist() for name, own in arrays.items()})


def _runs(columns: Mapping[str, WrittenColumn]) -> list[dict[str, WrittenColumn]]:
    """Lists of numbers are one run's; lists of lists have a run each."""
    nested = {name for name, values in columns.items() if values and all(isinstance(v, list) for v in values)}
    count = max((len(columns[name]) for name in nested), default=1)
    _require_few(len(columns) * count)
    return [
        {
            name: values if name not in nested else values[run] if run < len(values) else []
            for name, values in columns.items()
        }
        for run in range(count)
    ]


def _require_few(columns: int, cells: int = 0) -> None:
    """Refuse what would take more time and memory than any history is worth."""
    for count, most, name in ((columns, MOST_COLUMNS, "columns"), (cells, MOST_CELLS, "cells")):
        if count > most:
            raise ValueError(f"it has {count} {name}, more than {most}")


def _with_point(cell: str) -> str:
    """A number with a decimal comma as one with a point; any other text as it is."""
    pointed = cell.replace(",", ".")
    return pointed if math.isfinite(_number(pointed)) else cell


def to_numbers(values: Iterable[Any]) -> Series:
    """What was written as numbers: NaN where nothing was, infinite where it is none.

    >>> to_numbers(["0.5", None, "relu"]).tolist()
    [0.5, nan, inf]
    """
    return np.array([_number(value) for value in values], np.float64)


def _number(value: Any) -> float:
    if value is None or value == "":
        return math.nan
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return math.inf
    return number if math.isfinite(number) else math.inf
