"""Why statements of a user's file did not run, and which ones, in words."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from chainrule.gradcheck.loading.missing import missing_module
from chainrule.gradcheck.loading.statements import TopStatement
from chainrule.gradcheck.program.limited import OutOfTimeError

_LONGEST_MESSAGE = 200
"""Of what an exception says, in characters."""


class StatementFailure(NamedTuple):
    """A statement that could not run.

    Attributes:
        reason: why, in words.
        module: which is missing; empty where that is not the reason.
    """

    reason: str
    module: str


def failure_of(statement: TopStatement, error: BaseException) -> StatementFailure:
    """What is left of an exception.

    >>> import ast
    >>> statement = TopStatement(ast.parse("1 / 0").body[0], "net.py", "rest", frozenset())
    >>> failure_of(statement, ZeroDivisionError("division by zero")).reason
    'net.py, line 1 could not run: ZeroDivisionError: division by zero'
    """
    place = f"{Path(statement.file).name}, line {statement.first}"
    return StatementFailure(f"{place} could not run: {_said(error)}", missing_module(error))


def _said(error: BaseException) -> str:
    if isinstance(error, OutOfTimeError):
        return str(error)
    if isinstance(error, MemoryError):
        return "it needs more memory; give it more with --memory MB"
    # Whatever an exception of the user's does when it is asked what it says.
    return traceback.format_exception_only(type(error), error)[-1].strip()[:_LONGEST_MESSAGE]


def places(statements: Sequence[TopStatement]) -> str:
    """The lines of statements, by file, those that follow each other as one range: ``net.py, lines 3, 7-9``."""
    files: dict[str, list[tuple[int, int]]] = {}
    for statement in sorted(statements, key=lambda statement: statement.first):
        ranges = files.setdefault(Path(statement.file).name, [])
        first, last = statement.first, statement.last
        if ranges and first <= ranges[-1][1] + 2:
            first, last = ranges[-1][0], max(ranges.pop()[1], last)
        ranges.append((first, last))
    return "; ".join(f"{name}, {_lines(ranges)}" for name, ranges in files.items())


def _lines(ranges: Sequence[tuple[int, int]]) -> str:
    numbers = [str(first) if first == last else f"{first}-{last}" for first, last in ranges]
    return f"line{'s' * (numbers != [str(ranges[0][0])])} {', '.join(numbers)}"
