"""The pieces of the user's source that are compiled by themselves: functions, those of classes within these."""

from __future__ import annotations

import ast
import copy
import linecache
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from chainrule.gradcheck.program.classic_division import divides_so
from chainrule.gradcheck.program.interface import SourceLine
from chainrule.gradcheck.program.made_functions import with_made_functions
from chainrule.gradcheck.program.one_number import takes_numbers
from chainrule.gradcheck.program.reaching import reachable
from chainrule.gradcheck.program.recompiling import Recompiled
from chainrule.gradcheck.program.source import ADAPTER


@dataclass
class SourceUnit:
    """A piece of source that is compiled by itself: a function of a module, or of a class, in its class.

    Attributes:
        file: as tracebacks name it.
        tree: the piece alone.
        statement: the function.
        around: the class, or the function itself.
        classic: whether it divides whole numbers as Python 2 did.
        of_numbers: whether arrays of one number are taken for it.
        functions: those that were made of it.
    """

    file: str
    tree: ast.Module
    statement: ast.stmt
    around: ast.AST
    classic: bool
    of_numbers: bool
    functions: list[FunctionType] = field(default_factory=list)

    @property
    def numpy(self) -> str:
        """What the file calls numpy."""
        known = [function.__globals__ for function in self.functions]
        names = [name for own in known for name, value in own.items() if value is np]
        return names[0] if names and "np" not in names else "np"

    @cached_property
    def compiler(self) -> Recompiled:
        """What compiles it."""
        return Recompiled(self.tree, self.file, classic=self.classic, of_numbers=self.of_numbers)

    @cached_property
    def plain(self) -> CodeType:
        """Its code as the user wrote it."""
        return self.compiler.code()


def is_run(lines: Collection[tuple[str, int]], file: str, statement: ast.stmt) -> bool:
    return any((file, row) in lines for row in range(_first(statement), _last(statement) + 1))


def is_on(line: SourceLine, file: str, statement: ast.stmt) -> bool:
    end = statement.lineno if hasattr(statement, "body") else _last(statement)
    return file == line.file and _first(statement) <= line.number <= end


def units_run(
    units: dict[tuple[str, str, int], SourceUnit],
    function: Callable[..., Any],
    lines: Collection[tuple[str, int]],
) -> list[SourceUnit]:
    """The pieces of source of which lines are run; they are added to those that are known."""
    here: dict[int, SourceUnit] = {}
    bodies = {file: top_level(file) for file in {file for file, _ in lines} if file != ADAPTER}
    for at in reachable(function):
        file = at.__code__.co_filename
        path = _path_to(at.__code__, bodies.get(file, []))
        if path and is_run(lines, file, path[-1]):
            # Of one loop several functions are made.
            key = file, getattr(path[-1], "name", ""), _first(path[-1])
            how = divides_so(at.__code__), takes_numbers(at.__code__)
            new = SourceUnit(file, _alone(path), path[-1], path[-2:][0], *how)
            unit = units.setdefault(key, new)
            here[id(unit)] = unit
            if all(at is not known for known in unit.functions):
                unit.functions.append(at)
    return list(here.values())


def top_level(file: str) -> list[ast.stmt]:
    try:
        return with_made_functions("".join(linecache.getlines(file))).body
    except (SyntaxError, ValueError, RecursionError):
        return []


def _path_to(code: CodeType, body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The piece of source that a function is made of, and the classes around it, outermost first; nothing where it is
    not there."""
    line = code.co_firstlineno
    named = (node for node in body if isinstance(node, ast.FunctionDef) and node.name == code.co_qualname)
    inside = next((node for node in named if _first(node) == line), None) or _around(body, line)
    path: list[ast.stmt] = []
    while isinstance(inside, ast.ClassDef):
        path.append(inside)
        inside = _around(inside.body, line)
    return [*path, inside] if inside is not None else []


def _alone(path: Sequence[ast.stmt]) -> ast.Module:
    """The last of it in the others, which hold nothing else then."""
    *classes, piece = path
    for owner in map(copy.copy, reversed(classes)):
        owner.body, piece = [piece], owner  # type: ignore[attr-defined]
    return ast.Module([piece], [])


def _around(statements: Sequence[ast.stmt], line: int) -> ast.stmt | None:
    return next((each for each in statements if _first(each) <= line <= _last(each)), None)


def _first(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _last(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno
