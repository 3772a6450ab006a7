"""Restricted reader of CIFAR-10's pickled batches: data comes out, no code runs.

A pickle is a program. Here it may use only the opcodes and the few names that a batch needs, and the names
lead to inert stand-ins of our own, never to NumPy's functions. The stand-ins have no attributes that could be
set, so a hostile file cannot leave anything behind in the process either. A first pass over the opcodes refuses
what would cost memory or time out of proportion, before anything is built.
"""

from __future__ import annotations

import io
import math
import pickle
import pickletools

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import DataError
from chainrule.text import excerpt

LARGEST = 64 * 2**20
"""Bytes of the largest file read; an official batch has 31 million."""

MOST_OPCODES = 400_000
"""An official batch has about 40 thousand."""

MOST_SHARED = 32
"""Memo look-ups and tuples. Nested tuples that share their parts take exponential time to hash, and very deep
ones overflow the stack; a batch needs about ten of each."""

LOOKUPS = frozenset({"BINGET", "LONG_BINGET"})
TUPLES = frozenset({"TUPLE", "TUPLE1", "TUPLE2", "TUPLE3"})
TEXTS = frozenset({"SHORT_BINSTRING", "BINSTRING", "SHORT_BINBYTES", "BINBYTES", "BINBYTES8", "BYTEARRAY8"})
UNICODE = frozenset({"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"})
CONTAINERS = frozenset(
    {"EMPTY_TUPLE", "EMPTY_LIST", "APPEND", "APPENDS", "EMPTY_DICT", "SETITEM", "SETITEMS"}
)
ATOMS = frozenset({"NONE", "NEWTRUE", "NEWFALSE", "BININT", "BININT1", "BININT2"})
MACHINERY = frozenset({"PROTO", "FRAME", "STOP", "MARK", "BINPUT", "LONG_BINPUT", "MEMOIZE"})
CALLS = frozenset({"GLOBAL", "STACK_GLOBAL", "REDUCE", "BUILD"})
OPCODES = LOOKUPS | TUPLES | TEXTS | UNICODE | CONTAINERS | ATOMS | MACHINERY | CALLS


class _Refused(Exception):
    """The file asks for something that a batch never needs."""


class _Type:
    """Stands for ``numpy.ndarray``: a name to compare with, nothing else."""

    __slots__ = ()


class _Uint8:
    """Stands for the one dtype that batches have; its state (the order of single bytes) says nothing."""

    __slots__ = ()

    def __setstate__(self, state: object) -> None:
        pass


class _Dtype:
    """Stands for ``numpy.dtype``."""

    __slots__ = ()

    def __call__(self, code: object, *_: object) -> _Uint8:
        if not isinstance(code, bytes | str) or code not in (b"u1", "u1"):
            raise ValueError("an array in it is not uint8")
        return _Uint8()


class _NewArray:
    """Stands for an array under construction; ``values`` is there once its state is set."""

    __slots__ = ("values",)

    values: NDArray[np.uint8]

    def __setstate__(self, state: tuple[object, ...]) -> None:
        version, shape, dtype, fortran_order, data = state
        if version != 1 or fortran_order:
            raise ValueError("an array in it is not of plain uint8 rows")
        self.fill(data, dtype, shape)

    def fill(self, data: object, dtype: object, shape: object) -> None:
        """Take the bytes ``data`` as an array of that shape."""
        if not isinstance(dtype, _Uint8) or not isinstance(data, bytes | bytearray):
            raise ValueError("an array in it is not of plain uint8 rows")
        if not isinstance(shape, tuple) or len(shape) > 2 or any(type(n) is not int or n < 0 for n in shape):
            raise ValueError("an array in it has an impossible shape")
        if math.prod(shape) != len(data):
            raise ValueError(f"an array in it has {len(data)} bytes, its shape says {math.prod(shape)}")
        self.values = np.frombuffer(bytes(data), np.uint8).reshape(shape)


class _Reconstruct:
    """Stands for ``numpy.core.multiarray._reconstruct``."""

    __slots__ = ()

    def __call__(self, kind: object, *_: object) -> _NewArray:
        if not isinstance(kind, _Type):
            raise ValueError("it builds something that is not an array")
        return _NewArray()


class _FromBuffer:
    """Stands for ``numpy.core.numeric._frombuffer``, which protocol 5 uses."""

    __slots__ = ()

    def __call__(self, data: object, dtype: object, shape: object, order: object) -> _NewArray:
        if order != "C":
            raise ValueError("an array in it is not of plain uint8 rows")
        array = _NewArray()
        array.fill(data, dtype, shape)
        return array


class _Encode:
    """Stands for ``_codecs.encode``, by which Python 3 writes bytes in protocol 2."""

    __slots__ = ()

    def __call__(self, text: object, encoding: object) -> bytes:
        if not isinstance(text, str) or encoding not in ("latin1", b"latin1"):
            raise ValueError("it encodes something that is not bytes")
        return text.encode("latin-1")


STAND_INS: dict[tuple[str, str], object] = {
    ("numpy.core.multiarray", "_reconstruct"): _Reconstruct(),
    ("numpy._core.multiarray", "_reconstruct"): _Reconstruct(),
    ("numpy.core.numeric", "_frombuffer"): _FromBuffer(),
    ("numpy._core.numeric", "_frombuffer"): _FromBuffer(),
    ("_codecs", "encode"): _Encode(),
    ("numpy", "ndarray"): _Type(),
    ("numpy", "dtype"): _Dtype(),
}


def _stand_in(module: str, name: str) -> object:
    try:
        return STAND_INS[module, name]
    except KeyError:
        raise _Refused(f"asks for {excerpt(f'{module}.{name}')}") from None


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        return _stand_in(module, name)

    def persistent_load(self, pid: object) -> object:
        raise _Refused("asks for an outside object")


def _scan(data: bytes) -> None:
    """Refuse, before anything is built, opcodes and quantities that a batch does not have."""
    lookups = tuples = 0
    end = 0
    for count, (opcode, argument, position) in enumerate(pickletools.genops(data)):
        if opcode.name in ("GLOBAL", "INST"):
            module, _, name = str(argument).partition(" ")
            _stand_in(module, name)
        if opcode.name not in OPCODES:
            raise _Refused(f"uses the pickle opcode {opcode.name}")
        if opcode.name == "LONG_BINPUT" and (argument or 0) > MOST_OPCODES:
            raise _Refused(f"asks for {argument} memo entries")
        lookups += opcode.name in LOOKUPS
        tuples += opcode.name in TUPLES
        if count > MOST_OPCODES or max(lookups, tuples) > MOST_SHARED:
            raise _Refused("has far more parts")
        end = (position or 0) + 1
    if end != len(data):
        raise ValueError(f"{len(data) - end} bytes follow its end")


def _text(key: object) -> str:
    """A dictionary key as text: bytes where Python 2 wrote it."""
    if not isinstance(key, bytes | str):
        raise ValueError("a key in it is not text")
    return key.decode("latin-1") if isinstance(key, bytes) else key


def _record(data: bytes) -> dict[str, object]:
    _scan(data)
    record = _Unpickler(io.BytesIO(data), encoding="bytes").load()
    if type(record) is not dict:
        raise ValueError("it holds no dictionary")
    return {_text(key): item.values if isinstance(item, _NewArray) else item for key, item in record.items()}


def read_pickle(data: bytes, name: str) -> dict[str, object]:
    """Read a pickled dictionary of numbers, text, lists and uint8 arrays without running anything in it.

    Args:
        data: the whole file: protocol 2 as Python 2 wrote the official batches, or 2 to 5 of Python 3.
        name: the file's name, for messages.

    Returns:
        The dictionary, its keys as ``str``; Python 2 strings in it are ``bytes``, arrays are read-only uint8 of
        at most two axes.

    Raises:
        DataError: the file is too large, damaged, or asks for anything that a batch does not need.
    """
    if len(data) > LARGEST:
        raise DataError(f"{name}: is larger than any CIFAR-10 batch; give the official file")
    try:
        return _record(data)
    except _Refused as refusal:
        raise DataError(
            f"{name}: {refusal}, which a CIFAR-10 batch never does: refused, nothing was run; "
            "give the official file"
        ) from refusal
    except Exception as error:
        reason = excerpt(str(error) or type(error).__name__)
        raise DataError(f"{name}: damaged or no CIFAR-10 batch: {reason}; copy or fetch it again") from error
