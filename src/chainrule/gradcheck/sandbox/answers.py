"""What a user's process answers, held against what it was asked for: types, counts and sizes, text made printable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.sandbox.codec import FrameError

_LONGEST_TEXT = 2000
_LONGEST_TRACEBACK = 12_000
_PLACE = {"file": str, "line": int, "text": str}
_VALUE = {**_PLACE, "site": str, "occurrence": int, "use": str, "array": np.ndarray}


def number(value: Any) -> complex:
    """A finite number."""
    if not isinstance(value, int | float | complex) or not np.isfinite(value):
        raise FrameError(f"{type(value).__name__} for a number")
    return value


def numbers(value: Any, count: int) -> Array:
    """So many finite numbers."""
    if not isinstance(value, np.ndarray) or value.shape != (count,) or not np.isfinite(value).all():
        raise FrameError(f"no {count} numbers")
    return value


def arrays(value: Any) -> list[Array]:
    """A list of arrays."""
    if not isinstance(value, list) or not all(isinstance(item, np.ndarray) for item in value):
        raise FrameError("no list of arrays")
    return value


def text(value: Any) -> str:
    """Text on one line, without anything that could steer a terminal."""
    if not isinstance(value, str):
        raise FrameError(f"{type(value).__name__} for text")
    return _printable(value[:_LONGEST_TEXT], "")


def traceback(value: Any) -> str:
    """Text on several lines, the last ones where there are too many."""
    if not isinstance(value, str):
        raise FrameError(f"{type(value).__name__} for text")
    return _printable(value[-_LONGEST_TRACEBACK:], "\n")


def texts(value: Any) -> list[str]:
    """A list of texts."""
    if not isinstance(value, list | tuple):
        raise FrameError(f"{type(value).__name__} for texts")
    return [text(item) for item in value]


def _printable(value: str, allowed: str) -> str:
    return "".join(
        c if c.isprintable() or c in allowed else c.encode("unicode_escape").decode() for c in value
    )


def record(value: Any, *keys: str) -> dict[str, Any]:
    """A dictionary with these keys."""
    if not isinstance(value, dict) or not set(keys) <= set(value):
        raise FrameError(f"no record of {', '.join(keys)}")
    return value


def started(value: Any) -> tuple[tuple[str, ...], str]:
    """The notes of a file that has been run, and the adapter that was assumed."""
    given = record(value, "notes", "adapter")
    return tuple(texts(given["notes"])), traceback(given["adapter"])


def gradient(value: Any) -> dict[str, Any]:
    """What a gradient gives: as many names as arrays, and the parameters after the call."""
    given = record(value, "names", "arrays", "after", "kind")
    names, found = texts(given["names"]), arrays(given["arrays"])
    if len(names) != len(found):
        raise FrameError(f"{len(names)} names for {len(found)} arrays")
    return {"names": names, "arrays": found, "after": arrays(given["after"]), "kind": text(given["kind"])}


def description(value: Any) -> dict[str, Any]:
    """What a subject says of itself; the data are the user's own and are handed back as they came."""
    given = record(value, "names", "arrays", "data", "data_names", "update", "numeric")
    names, found = texts(given["names"]), arrays(given["arrays"])
    if len(names) != len(found) or not isinstance(given["data"], list):
        raise FrameError("a description that does not fit itself")
    told = {key: bool(given[key]) for key in ("update", "numeric")}
    data = {"data": given["data"], "data_names": texts(given["data_names"])}
    return {"names": names, "arrays": found, **data, **told}


def counts(value: Any) -> dict[str, int]:
    """How often each function was called."""
    if not isinstance(value, dict) or not all(type(count) is int for count in value.values()):
        raise FrameError("no counts")
    return {text(name): count for name, count in value.items()}


def trace(value: Any) -> list[dict[str, Any]]:
    """Values, and where in the source each was formed."""
    if not isinstance(value, list):
        raise FrameError("no trace")
    return [_typed(item, _VALUE) for item in value]


def value_or_none(value: Any) -> dict[str, Any] | None:
    """A value and where in the source it was formed, if there is one."""
    return None if value is None else _typed(value, _VALUE)


def place_or_none(value: Any) -> dict[str, Any] | None:
    """A place in the source, if there is one."""
    return None if value is None else _typed(value, _PLACE)


def _typed(value: Any, kinds: Mapping[str, type]) -> dict[str, Any]:
    """A dictionary with exactly these keys, and values of these types."""
    given = record(value, *kinds)
    if set(given) != set(kinds) or not all(type(given[key]) is kind for key, kind in kinds.items()):
        raise FrameError(f"no record of {', '.join(kinds)}")
    return {key: text(inner) if isinstance(inner, str) else inner for key, inner in given.items()}
