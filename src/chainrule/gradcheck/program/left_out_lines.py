"""Where a line may be missing that adds to what a function adds up or returns: at its end, and at that of each of its
loops."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from chainrule.gradcheck.program.change import NodePlace, bodies
from chainrule.gradcheck.program.slips import LIBRARIES

_MOST_TOTALS = 8


class LeftOutLine(NamedTuple):
    """A place for a line.

    Attributes:
        body, at: where it would stand.
        total: to what it would add, as text.
    """

    body: NodePlace
    at: int
    total: str


def left_out_lines(unit: ast.stmt, statement: ast.stmt) -> Iterator[LeftOutLine]:
    """The places in a function for a line that adds to something which is not changed in the same row of statements;
    they are told at the last statement of the function, and at no other.

    >>> (function,) = ast.parse("def f(u, d):\\n  a = 0\\n  for x in u:\\n    b = x * d\\n  return a").body
    >>> [(each.body.parent.lineno, each.total) for each in left_out_lines(function, function.body[-1])]
    [(3, 'a')]
    """
    if statement is not _last_of(unit):
        return
    added, returned = (dict.fromkeys(each) for each in (_added_to(unit), _returned(unit)))
    # To what nothing is added yet something may be missing.
    totals = [*(total for total in returned if total not in added), *added][:_MOST_TOTALS]
    for body in bodies(unit):
        statements: list[ast.stmt] = body.get()
        is_row = body.parent is unit or (isinstance(body.parent, ast.For) and body.field == "body")
        at = len(statements) - isinstance(statements[-1], ast.Return | ast.Continue | ast.Break)
        changed = {text for each in statements[:at] for text in _targets(each)}
        if is_row and at:
            yield from (LeftOutLine(body, at, total) for total in totals if total not in changed)


def _last_of(unit: ast.stmt) -> ast.stmt | None:
    every = (each for body in bodies(unit) for each in body.get())
    taking = [each for each in every if isinstance(each, ast.Assign | ast.AugAssign | ast.Return)]
    return max(taking, key=lambda each: each.lineno, default=None)


def _added_to(unit: ast.stmt) -> Iterator[str]:
    for node in ast.walk(unit):
        match node:
            case ast.AugAssign(target=target, op=ast.Add() | ast.Sub()):
                yield ast.unparse(_whole(target))
            case ast.Call(func=ast.Attribute(attr="at"), args=[target, *_]):
                yield ast.unparse(_whole(target))


def _returned(unit: ast.stmt) -> Iterator[str]:
    """The variables of what is returned."""
    for statement in (each for each in ast.walk(unit) if isinstance(each, ast.Return)):
        called = {id(node.func) for node in ast.walk(statement) if isinstance(node, ast.Call)}
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and node.id not in LIBRARIES and id(node) not in called:
                yield node.id


def _whole(target: ast.expr) -> ast.expr:
    """The array of which a part is changed."""
    while isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Constant):
        target = target.value
    return target


def _targets(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=targets)]) | ast.Assign(targets=targets):
            yield from map(ast.unparse, targets)
        case ast.AugAssign(target=target):
            yield ast.unparse(_whole(target))
