"""Which functions of the user's own files another one can reach."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from types import FunctionType, MethodType, ModuleType
from typing import Any

from chainrule.gradcheck.program.source import OURS, is_library


def reachable(function: Callable[..., Any]) -> list[FunctionType]:
    """Functions of the user's own files: this one, and what its globals, closures and classes hold."""
    reached: dict[int, FunctionType] = {}
    waiting: list[Any] = [function]
    seen: set[int] = set()
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, MethodType):
            waiting += [item.__func__, type(item.__self__)]
        elif isinstance(item, FunctionType):
            if is_users(item.__code__.co_filename):
                reached[id(item)] = item
                waiting += [*item.__globals__.values(), *cells(item), getattr(item, "__wrapped__", None)]
        elif isinstance(item, type):
            for value in vars(item).values():
                inner = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
                waiting += [inner] if isinstance(inner, FunctionType) else []
        elif isinstance(item, ModuleType):
            if is_users(getattr(item, "__file__", None) or ""):
                waiting += [v for v in vars(item).values() if isinstance(v, FunctionType | type)]
        elif hasattr(item, "func") and hasattr(item, "args"):
            waiting.append(item.func)
        elif hasattr(item, "__dict__"):
            waiting.append(type(item))
    return list(reached.values())


def cells(function: FunctionType) -> list[Any]:
    """What a function was made with: the variables of those around it."""
    values = []
    for cell in function.__closure__ or ():
        try:
            values.append(cell.cell_contents)
        except ValueError:
            # A name that is bound later, or never.
            continue
    return values


def is_users(file: str) -> bool:
    """Whether a file is the user's own: neither ours nor a library's."""
    return (
        bool(file)
        and not file.startswith(OURS)
        and not is_library(file)
        and bool(linecache.getline(file, 1) or linecache.getline(file, 2))
    )
