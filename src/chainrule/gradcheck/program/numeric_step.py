"""Where a user's numeric gradient has its step: a default of an argument, or a constant."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any

from chainrule.gradcheck.program.interface import SourceLine
from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.reaching import reachable
from chainrule.gradcheck.program.source import tree_of
from chainrule.gradcheck.program.watching import source_line


def step_of(function: Callable[..., Any]) -> SourceLine | None:
    """The line on which a function, or one of the user's that it names, sets its step, a default or a constant: by the
    step's name, whatever it is; else a number between 0 and 0.5."""
    by_name, small = None, None
    for reached in _named_by(function):
        file, first = reached.__code__.co_filename, reached.__code__.co_firstlineno
        numbers = _numbers_set("".join(linecache.getlines(file))).get(first, [])
        named = (value for name, value in numbers if meaning(name).role == "step")
        by_name = by_name or _line_of(file, next(named, None))
        small = small or _line_of(file, next((value for _, value in numbers if _is_small(value)), None))
    return by_name or small


@lru_cache(maxsize=64)
def _numbers_set(text: str) -> Mapping[int, list[tuple[str, ast.expr]]]:
    """The numbers that each function of a text sets, by the function's first line: recognition asks again and again."""
    nodes = ast.walk(tree_of(text) or ast.Module([], []))
    functions = (node for node in nodes if isinstance(node, ast.FunctionDef))
    return {f.lineno: [(name, value) for name, value in _set_in(f) if _is_number(value)] for f in functions}


def _named_by(function: Callable[..., Any]) -> list[FunctionType]:
    """A function of the user's and those that it names, with those that these name."""
    others = reachable(function)
    itself = getattr(function, "__func__", getattr(function, "func", function))
    near = [reached for reached in others if reached is itself]
    for user in near:
        names = _names_in(user.__code__)
        near += [other for other in others if other.__name__ in names and other not in near]
    return near


def _names_in(code: CodeType) -> set[str]:
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return {*code.co_names, *code.co_freevars}.union(*map(_names_in, inner))


def _line_of(file: str, value: ast.expr | None) -> SourceLine | None:
    return None if value is None else source_line(file, value.lineno)


def _set_in(function: ast.FunctionDef) -> Iterator[tuple[str, ast.expr]]:
    """The defaults of a function's arguments, and what its assignments assign, by name."""
    given, keyword_only = function.args, function.args.kwonlyargs
    yield from zip((a.arg for a in given.args[-len(given.defaults) :]), given.defaults, strict=False)
    yield from ((a.arg, d) for a, d in zip(keyword_only, given.kw_defaults, strict=True) if d is not None)
    for inner in ast.walk(function):
        if isinstance(inner, ast.Assign) and isinstance(inner.targets[0], ast.Name):
            yield inner.targets[0].id, inner.value


def _is_number(value: ast.expr) -> bool:
    """Whether it is written down as a number, or made of numbers: ``10 ** -6``."""
    parts = (ast.Constant, ast.UnaryOp, ast.BinOp, ast.operator, ast.unaryop)
    return all(isinstance(part, parts) for part in ast.walk(value))


def _is_small(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, float) and 0 < value.value < 0.5
