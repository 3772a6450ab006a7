"""Frames of calls: what a function is called with, and what the user's code around it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

from chainrule.gradcheck.program.reaching import is_users
from chainrule.gradcheck.recognition.witnessed.witnessed_call import NAME

BEGUN = "<training>"
"""What the file of an expression that begins a training is called."""


def place_of(frame: FrameType | None) -> str:
    """Where a frame stands, in words; empty where that is no line of the user's."""
    if frame is None:
        return "an unknown line"
    if frame.f_code.co_filename == BEGUN:
        return ""
    _, _, cell = frame.f_code.co_filename.rpartition(", cell ")
    in_cell = f" of cell {cell}" if cell.isdigit() else ""
    return f"line {frame.f_lineno}{in_cell}"


def is_function(code: CodeType) -> bool:
    """Whether code is that of a function of the user's that has a name.

    >>> is_function((lambda x: x).__code__)
    False
    """
    return "<" not in code.co_qualname and is_users(code.co_filename)


def arguments_of(frame: FrameType) -> dict[str, Any]:
    """What a function is called with, by its own names, that of the object first."""
    code, local = frame.f_code, frame.f_locals
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return {name: local[name] for name in names if name in local}


def around(frame: FrameType) -> Iterator[Mapping[str, Any]]:
    """What the code holds that called, directly or not: without functions and modules."""
    for back in callers_of(frame):
        yield {
            name: value
            for name, value in back.f_locals.items()
            if not name.startswith("_")
            and name != NAME
            and not isinstance(value, ModuleType | FunctionType | type)
        }


def callers_of(frame: FrameType) -> Iterator[FrameType]:
    """The user's code that has called, the nearest first."""
    back = frame.f_back
    while back is not None and is_users(back.f_code.co_filename):
        yield back
        back = back.f_back
