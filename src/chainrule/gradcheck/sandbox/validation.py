"""What a user's process answers, held against what it was asked for: types, counts and sizes, text made printable."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.interface import (
    Description,
    NamedStatement,
    Patch,
    Returned,
    SourceLine,
    WatchedValue,
)
from chainrule.gradcheck.program.patching import MOST_PATCHES
from chainrule.gradcheck.program.statements import MOST_STATEMENTS
from chainrule.gradcheck.program.watching import MOST_RECORDED
from chainrule.gradcheck.recognition.recognised import Recognised, Variant
from chainrule.gradcheck.result import TextEdit
from chainrule.gradcheck.sandbox.bounds import (
    LONGEST_TEXT,
    LONGEST_TRACEBACK,
    MOST_GRADIENTS,
    MOST_TEXTS,
    count_of,
)
from chainrule.gradcheck.sandbox.codec import FrameError
from chainrule.gradcheck.sandbox.replies import Problems, Raised, Started
from chainrule.text import one_line

Kind = TypeVar("Kind")
Named = TypeVar("Named", Returned, Description)

_MOST = 2**31


def _of_type(value: Any, kind: type[Kind]) -> Kind:
    # A bool is an int for isinstance.
    if type(value) is not kind:
        raise FrameError(f"{type(value).__name__} for {kind.__name__}")
    return value


def _record(value: Any, kind: type[Kind]) -> Kind:
    """A record of a kind, every field what it must be."""
    fields: Any = _of_type(value, kind)
    return kind(*(check(field) for check, field in zip(_FIELDS[kind], fields, strict=True)))


def _named(record: Named) -> Named:
    """A record with as many names as arrays."""
    if len(record.names) != len(record.arrays):
        raise FrameError(f"{len(record.names)} names for {len(record.arrays)} arrays")
    return record


def number(value: Any) -> complex:
    """A finite number."""
    if type(value) not in (float, complex) or not np.isfinite(value):
        raise FrameError(f"{type(value).__name__} for a number")
    checked: complex = value
    return checked


def numbers(value: Any) -> Array:
    """Finite numbers."""
    if not isinstance(value, np.ndarray) or value.ndim != 1 or not np.isfinite(value).all():
        raise FrameError("no numbers")
    return value


def slopes(value: Any) -> Array:
    """Numbers, and what is none."""
    if not isinstance(value, np.ndarray) or value.ndim != 1 or value.dtype.kind != "f":
        raise FrameError("no numbers")
    return value


def arrays(value: Any) -> list[Array]:
    """A list of arrays."""
    if not isinstance(value, list) or not all(isinstance(item, np.ndarray) for item in value):
        raise FrameError("no list of arrays")
    return value


def count(value: Any) -> int:
    """A whole number, as there are of lines and of calls."""
    whole = _of_type(value, int)
    if not 0 <= whole < _MOST:
        raise FrameError("a count that is none")
    return whole


def flag(value: Any) -> bool:
    """Yes or no."""
    return _of_type(value, bool)


def text(value: Any) -> str:
    """Text on one line, without anything that could steer a terminal."""
    return one_line(_of_type(value, str)[:LONGEST_TEXT])


def traceback(value: Any) -> str:
    """Text on several lines, the last ones where there are too many."""
    return "\n".join(map(one_line, _of_type(value, str)[-LONGEST_TRACEBACK:].split("\n")))


def lines(value: Any) -> str:
    """A piece of source, as it is.

    Raises:
        FrameError: it is too long, or holds what could steer a terminal.
    """
    checked = _of_type(value, str)
    if len(checked) > LONGEST_TRACEBACK or not checked.replace("\n", "").replace("\t", "").isprintable():
        raise FrameError("a piece of source that is none")
    return checked


def texts(value: Any) -> list[str]:
    """A list of texts."""
    return [text(item) for item in _of_type(value, list)]


def started(value: Any) -> Started:
    """A file that has been run, with a gradient of which something can be said."""
    checked = _record(value, Started)
    if not any(gradient.is_told for gradient in checked.gradients):
        raise FrameError("a file without a gradient")
    return checked


def chosen(value: Any) -> None:
    """A gradient that has been chosen: there is nothing to say."""
    return _of_type(value, type(None))


def _records(value: Any, kind: type[Kind], most: int) -> list[Kind]:
    items = _of_type(value, list)
    if len(items) > most:
        raise FrameError(f"{len(items)} of {kind.__name__}")
    return [_record(item, kind) for item in items]


def missing(value: Any) -> dict[str, str]:
    """What a system does not give, and why."""
    return {text(name): text(why) for name, why in _of_type(value, dict).items()}


def problems(value: Any) -> Problems:
    """Problems: at least one, and the first ones where there are too many."""
    checked = _record(value, Problems)
    if not checked.messages:
        raise FrameError("a refusal without a reason")
    return checked._replace(messages=checked.messages[:MOST_TEXTS])


def raised(value: Any) -> Raised:
    """An exception of the user's code."""
    return _record(value, Raised)


def returned(value: Any) -> Returned:
    """What a gradient gives: as many names as arrays, and the parameters after the call."""
    return _named(_record(value, Returned))


def description(value: Any) -> Description:
    """What a program says of itself; the data are the user's own and are handed back as they came."""
    return _named(_record(value, Description))


def watched_values(value: Any) -> list[WatchedValue]:
    """Values, and where in the source each was formed; no more than are kept."""
    return _records(value, WatchedValue, MOST_RECORDED)


def statements(value: Any) -> list[NamedStatement]:
    """Statements of the source; no more than are read."""
    return _records(value, NamedStatement, MOST_STATEMENTS)


def patches(value: Any) -> list[Patch]:
    """Small changes of the source; no more than are made."""
    return _records(value, Patch, MOST_PATCHES)


def edits(value: Any) -> list[TextEdit]:
    """Pieces of the source, and what takes their place."""
    return _records(value, TextEdit, MOST_TEXTS)


def line_or_none(value: Any) -> SourceLine | None:
    """A line of the source, if there is one."""
    return None if value is None else _record(value, SourceLine)


_FIELDS: Mapping[type, tuple[Callable[[Any], Any], ...]] = {
    Started: (texts, partial(_records, kind=Recognised, most=MOST_GRADIENTS), texts),
    Recognised: (
        text,
        text,
        traceback,
        text,
        texts,
        partial(_records, kind=Variant, most=MOST_TEXTS),
        text,
        texts,
        flag,
        flag,
        flag,
        text,
        line_or_none,
    ),
    Variant: (text, text, text, traceback, text, flag),
    Problems: (texts, text),
    Raised: (text, text, text, count, text, text, traceback),
    Returned: (texts, arrays, arrays, text),
    Description: (texts, arrays, partial(_of_type, kind=list), texts, flag, flag, line_or_none),
    SourceLine: (text, count, text),
    NamedStatement: (
        partial(_record, kind=SourceLine),
        count,
        count,
        text,
        text,
        text,
        flag,
        text,
        count,
        flag,
    ),
    Patch: (count, text, partial(_record, kind=SourceLine), text, count),
    TextEdit: (text, count, count, count, count, lines, lines),
    WatchedValue: (
        text,
        count,
        partial(_record, kind=SourceLine),
        text,
        text,
        partial(_of_type, kind=np.ndarray),
    ),
}
"""What each field of a record must be, in order."""

REQUESTS: Mapping[str, Callable[[Any], Any]] = {
    "describe": description,
    "cost": number,
    "costs": numbers,
    "costs_along": numbers,
    "along": numbers,
    "slopes": slopes,
    "gradient": returned,
    "projections": slopes,
    "update": arrays,
    "cost_calls": count,
    "trace": watched_values,
    "statements": statements,
    "patches": patches,
    "fitting": patches,
    "edits": edits,
    "first_mutation": line_or_none,
}
"""What a process can be asked once its file has been run (:class:`chainrule.gradcheck.program.interface.Program`), and
what its answers must be; all else is refused at both ends. The first request, ``run``, is answered by
:class:`Started`."""


def validated(request: str, arguments: Sequence[Any], value: Any) -> Any:
    """An answer to a request, once it has been found to be one."""
    answer = REQUESTS[request](value)
    if isinstance(answer, np.ndarray) and len(answer) != (asked := count_of(request, arguments)):
        raise FrameError(f"{len(answer)} numbers for {asked} steps")
    return answer
