"""Plain values as bytes and back: JSON for the structure, raw bytes for the arrays, and nothing that can run code.

A frame is its own length, the length of the JSON, the JSON, and the arrays' bytes one after another. In the JSON
every container is an object of one key that says what it is: ``{"list": [...]}``, ``{"tuple": [...]}``,
``{"dict": {...}}``, ``{"complex": [re, im]}``, ``{"array": [dtype, shape]}``, and, for the records that pass between a
program and the checker, ``{"Returned": [...]}`` and so on, their fields in order.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.program import interface
from chainrule.gradcheck.sandbox import replies
from chainrule.gradcheck.sandbox.bounds import DEEPEST, LONGEST_NUMBER

PREFIX = struct.Struct(">QQ")
"""In front of a frame: how many bytes follow it, and how many of them are JSON."""

_RECORDS = {record.__name__: record for record in (*interface.RECORDS, *replies.RECORDS)}

_ALIGNMENT = 16
_DTYPE = re.compile(r"[<>|][biufc](1|2|4|8|16|32)")
_SCALARS = bool, int, float, str
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')


class FrameError(ValueError):
    """Bytes that are no frame."""


def encode(value: Any, what: str = "value") -> bytes:
    """``value`` as a frame.

    Args:
        value: None, bool, int, float, complex, str, a list, tuple, record or dict with str keys of such values, or an
            array of numbers; NumPy's scalars become Python's.
        what: what to call ``value`` in an error.

    Raises:
        CheckError: it holds something else.
    """
    arrays: list[bytes] = []
    text = json.dumps(_taken_apart(value, arrays, what)).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    rest = b"".join(arrays)
    return PREFIX.pack(len(text) + len(rest), len(text)) + text + rest


def _taken_apart(value: Any, arrays: list[bytes], what: str) -> Any:
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
        data = value.tobytes()
        arrays.append(data + b"\0" * (-len(data) % _ALIGNMENT))
        return {"array": [value.dtype.str, list(value.shape)]}
    if isinstance(value, np.floating):
        return float(value)
    plain = value.item() if isinstance(value, np.generic) else value
    if plain is None or isinstance(plain, _SCALARS):
        return plain
    if isinstance(plain, complex):
        return {"complex": [plain.real, plain.imag]}
    if type(value) in _RECORDS.values():
        fields = value._asdict().items()
        return {
            type(value).__name__: [_taken_apart(inner, arrays, f"{what}[{name!r}]") for name, inner in fields]
        }
    if isinstance(value, list | tuple):
        kind = "list" if isinstance(value, list) else "tuple"
        return {kind: [_taken_apart(inner, arrays, f"{what}[{i}]") for i, inner in enumerate(value)]}
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {
            "dict": {key: _taken_apart(inner, arrays, f"{what}[{key!r}]") for key, inner in value.items()}
        }
    raise CheckError(
        f"{what}: is {_kind(value)}, which cannot be handed on; give numbers, text, lists, dictionaries by name or "
        "arrays of numbers, and let your function close over the rest"
    )


def _kind(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype}"
    return "a dictionary with keys that are no text" if isinstance(value, dict) else type(value).__name__


def decode(body: bytearray, json_length: int) -> Any:
    """The value of a frame whose prefix has been taken off.

    Raises:
        FrameError: it is none; whatever the bytes are, nothing else happens.
    """
    try:
        if not 0 < json_length <= len(body):
            raise FrameError(f"{json_length} bytes of JSON among {len(body)}")
        view = memoryview(body)
        arrays = _ArrayReader(view[json_length:])
        text = bytes(view[:json_length])
        _require_shallow(text)
        value = _put_together(json.loads(text, parse_int=_whole), arrays)
        arrays.require_end()
    except FrameError:
        raise
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, MemoryError) as error:
        raise FrameError(f"what cannot be read ({str(error) or type(error).__name__})") from error
    return value


def _require_shallow(text: bytes) -> None:
    """Refuse JSON by how deep its containers lie in one another, of which each of ours has two.

    Raises:
        FrameError: deeper than can be meant.
    """
    if text.count(b"[") + text.count(b"{") <= 2 * DEEPEST:
        return
    plain = np.frombuffer(_STRING.sub(b"", text), dtype=np.uint8)
    opening, closing = (np.isin(plain, np.frombuffer(marks, np.uint8)) for marks in (b"[{", b"]}"))
    deepest = int(np.cumsum(opening.astype(np.int64) - closing).max(initial=0))
    if deepest > 2 * DEEPEST:
        raise FrameError(f"a value in {deepest // 2} lists")


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise FrameError(f"a number of {len(digits)} digits")
    return int(digits)


class _ArrayReader:
    """The arrays of a frame, in order; they share its memory."""

    def __init__(self, data: memoryview) -> None:
        self._data, self._place = data, 0

    def next(self, name: Any, shape: Any) -> Array:
        if not isinstance(name, str) or not _DTYPE.fullmatch(name):
            raise FrameError(f"dtype {name!r:.40}")
        if len(shape) > 32 or not all(type(n) is int and n >= 0 for n in shape):
            raise FrameError("a shape that is none")
        dtype = np.dtype(name)
        size = math.prod(shape) * dtype.itemsize
        end = self._place + size
        if end > len(self._data):
            raise FrameError(f"an array of {size} bytes among {len(self._data)}")
        array = np.ndarray(shape, dtype, self._data[self._place : end])
        self._place = end + -size % _ALIGNMENT
        return array

    def require_end(self) -> None:
        if self._place != len(self._data):
            raise FrameError(f"{len(self._data)} bytes of arrays, of which {self._place} belong to any")


def _put_together(value: Any, arrays: _ArrayReader) -> Any:
    if not isinstance(value, dict):
        if isinstance(value, list):
            raise FrameError("a list without a kind")
        return value
    ((kind, content),) = value.items()
    if kind == "array":
        return arrays.next(*content)
    if kind == "complex":
        return complex(*content)
    if kind == "dict":
        return {key: _put_together(inner, arrays) for key, inner in content.items()}
    if kind not in ("list", "tuple", *_RECORDS) or not isinstance(content, list):
        raise FrameError(f"kind {kind!r:.40}")
    items: Iterator[Any] = (_put_together(inner, arrays) for inner in content)
    if kind in _RECORDS:
        return _RECORDS[kind](*items)
    return list(items) if kind == "list" else tuple(items)
