"""Which statements of a user's functions give a value a name, so that what is watched can be told in their words."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chainrule.gradcheck.program.interface import NamedStatement, SourceLine
from chainrule.gradcheck.program.made_functions import with_made_functions
from chainrule.gradcheck.program.reaching import reachable
from chainrule.gradcheck.program.source import ADAPTER
from chainrule.gradcheck.program.wrapping import encoded_lines, text_of

MOST_STATEMENTS = 2000
"""How many there are, at most: the first."""

_LONGEST_NAME = 80
_FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def statements_of(*functions: Callable[..., Any]) -> list[NamedStatement]:
    """Those of all functions of the user's that some functions can reach."""
    starts: dict[str, set[int]] = {}
    for function in functions:
        for reached in reachable(function):
            starts.setdefault(reached.__code__.co_filename, set()).add(reached.__code__.co_firstlineno)
    every = (found for file in starts if file != ADAPTER for found in _of_file(file, starts[file]))
    return list(dict.fromkeys(every))[:MOST_STATEMENTS]


def _of_file(file: str, starts: set[int]) -> Iterator[NamedStatement]:
    source = "".join(linecache.getlines(file))
    try:
        tree = with_made_functions(source)
    except (SyntaxError, ValueError, RecursionError):
        return
    place = _StatementPlace(file, encoded_lines(source))
    for node in ast.walk(tree):
        if isinstance(node, _FunctionNode) and _start(node) in starts:
            yield from place.in_function(node).of_body(node.body)


@dataclass(frozen=True)
class _StatementPlace:
    """Where statements stand: a file with its lines, the function, and whether within a loop of it."""

    file: str
    lines: list[bytes]
    function: str = ""
    start: int = 0
    repeats: bool = False

    def in_function(self, node: _FunctionNode) -> _StatementPlace:
        return replace(self, function=node.name, start=_start(node), repeats=False)

    def of_body(self, body: Sequence[ast.stmt]) -> Iterator[NamedStatement]:
        """Those of a body and of what stands in it."""
        for statement in body:
            if isinstance(statement, _FunctionNode):
                yield from self.in_function(statement).of_body(statement.body)
                continue
            yield from self._of(statement)
            loops = isinstance(statement, ast.For | ast.While)
            inside = replace(self, repeats=self.repeats or loops)
            for block in _blocks(statement):
                yield from inside.of_body(block)

    def _of(self, statement: ast.stmt) -> Iterator[NamedStatement]:
        """What a statement names, or returns."""
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                yield from self._named(statement, target, statement.value)
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            yield from self._named(statement, statement.target, statement.value)
        elif isinstance(statement, ast.AugAssign):
            yield from self._joined(statement)
        elif isinstance(statement, ast.Return) and not isinstance(statement.value, ast.Name | None):
            yield from self._named(statement, None, statement.value)

    def _named(self, at: ast.stmt, target: ast.expr | None, value: ast.expr) -> Iterator[NamedStatement]:
        if isinstance(value, ast.Tuple | ast.List):
            names = target.elts if isinstance(target, ast.Tuple | ast.List) else []
            for place, its in enumerate(value.elts):
                if len(names) == len(value.elts):
                    yield from self._named(at, names[place], its)
                elif not isinstance(its, ast.Name):
                    yield self._made(at, its, "" if target is None else f"{_written(target)}[{place}]")
        elif isinstance(value, ast.Dict):
            for key, its in zip(value.keys, value.values, strict=True):
                if isinstance(key, ast.Constant) and not isinstance(its, ast.Name):
                    name = f"{_written(target)}[{key.value!r}]" if target is not None else str(key.value)
                    yield self._made(at, its, name)
        elif target is not None or not isinstance(value, ast.Name):
            whole = _whole(target)
            yield self._made(at, value, _written(target), whole)
            if whole:
                yield self._in_place(at, whole)

    def _joined(self, at: ast.AugAssign) -> Iterator[NamedStatement]:
        whole = _whole(at.target)
        if whole:
            yield self._made(at, at.target, _written(at.target), whole, joins=True)
            yield self._in_place(at, whole)
        elif isinstance(at.target, ast.Name):
            yield self._made(at, at.target, at.target.id, joins=True)._replace(line=self._line(at.lineno))
        else:
            yield self._made(at, at.value, _written(at.target), joins=True)

    def _in_place(self, at: ast.stmt, whole: str) -> NamedStatement:
        """The whole of what a statement changes a part of."""
        return self._at(at, at.lineno, whole, whole, whole, joins=True)

    def _made(
        self, at: ast.stmt, value: ast.expr, target: str, whole: str = "", *, joins: bool = False
    ) -> NamedStatement:
        return self._at(at, value.lineno, target, text_of(value, self.lines), whole, joins=joins)

    def _at(
        self, at: ast.stmt, line: int, target: str, text: str, whole: str = "", *, joins: bool = False
    ) -> NamedStatement:
        last = at.end_lineno or at.lineno
        place = self._line(line)
        return NamedStatement(
            place, at.lineno, last, target[:_LONGEST_NAME], text, whole, joins, self.function, self.start, self.repeats
        )  # fmt: skip

    def _line(self, number: int) -> SourceLine:
        text = self.lines[number - 1].decode() if 0 < number <= len(self.lines) else ""
        return SourceLine(self.file, number, text)


def _whole(target: ast.expr | None) -> str:
    """The name of what a part is put into; empty where it is none of an array that has a name."""
    inside = isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name)
    return target.value.id if inside else ""  # type: ignore[union-attr]


def _written(target: ast.expr | None) -> str:
    return "" if target is None else ast.unparse(target)


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The bodies that a statement has."""
    if isinstance(statement, ast.ClassDef):
        return
    for owner in (statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        for name in ("body", "orelse", "finalbody"):
            yield getattr(owner, name, [])


def _start(node: _FunctionNode) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
