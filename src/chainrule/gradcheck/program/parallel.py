"""The same small change made in all that is written alike: in the statement for the columns as in that for the rows, on
the one axis as on the other. A slip is often made in each of them.

Two pieces of source are alike where they differ in names and numbers alone.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence

from chainrule.gradcheck.program.change import BODIES, NodePlace, SmallChange

_NEAR = 3
"""How far apart statements may stand."""

_Put = tuple[NodePlace, ast.expr]


def in_parallel(changes: Sequence[SmallChange], body: Sequence[ast.stmt]) -> Iterator[SmallChange]:
    """Each change of one formula of the statements of a body, made in what is alike as well."""
    twins = {id(each): _alike_statements(each, body) for each in body}
    for change in changes:
        is_of_one = len(change.puts) == 1 and isinstance(change.puts[0][1], ast.expr)
        if not is_of_one or id(change.statement) not in twins:
            continue
        put = change.puts[0]
        shown = change.shown or (change.statement,)
        for container, field, alike in _around(put[0], change.statement):
            others = [_made_in(put, container, field, here, there) for here, there in alike]
            if others and all(others):
                puts = (put, *(each for each in others if each))
                yield SmallChange(change.kind, change.statement, puts, shown)
        for other in twins[id(change.statement)]:
            made = _copied(put, change.statement, other)
            if made is not None:
                yield SmallChange(change.kind, change.statement, (put, made), (change.statement, other))


def _alike_statements(statement: ast.stmt, body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Those close to a statement that are alike."""
    if any(hasattr(statement, field) for field in BODIES):
        return []
    at = next(i for i, each in enumerate(body) if each is statement)
    near = [*body[max(0, at - _NEAR) : at], *body[at + 1 : at + 1 + _NEAR]]
    return [each for each in near if _form(each) == _form(statement)]


def _around(place: NodePlace, statement: ast.stmt) -> Iterator[tuple[ast.AST, str, list[tuple[int, int]]]]:
    """The rows of items one of which holds a place: what has them, the field, and which others are alike."""
    for node in ast.walk(statement):
        for field in ("elts", "args"):
            items = getattr(node, field, None)
            if not isinstance(items, list) or len(items) < 2:
                continue
            here = [
                i
                for i, item in enumerate(items)
                if (place.parent is node and place.field == field and place.at == i)
                or any(inner is place.parent for inner in ast.walk(item))
            ]
            if here:
                others = [
                    (here[0], i)
                    for i, item in enumerate(items)
                    if i != here[0] and _form(item) == _form(items[here[0]])
                ]
                yield node, field, others


def _made_in(put: _Put, container: ast.AST, field: str, here: int, there: int) -> _Put | None:
    """The change of one item in another."""
    items = getattr(container, field)
    place, new = put
    if place.parent is container:
        names = _names(items[here], items[there])
        return None if names is None else (NodePlace(container, field, there), _renamed(new, names))
    return _copied(put, items[here], items[there])


def _copied(put: _Put, one: ast.AST, other: ast.AST) -> _Put | None:
    """A change of a piece of source in another that is alike."""
    place, new = put
    names = _names(one, other)
    parent = next((b for a, b in zip(ast.walk(one), ast.walk(other), strict=True) if a is place.parent), None)
    if names is None or parent is None or not hasattr(parent, place.field):
        return None
    return NodePlace(parent, place.field, place.at), _renamed(new, names)


def _names(one: ast.AST, other: ast.AST) -> dict[str, str] | None:
    """What the names of a piece of source are in another; None where one is two things."""
    found: dict[str, str] = {}
    for a, b in zip(ast.walk(one), ast.walk(other), strict=True):
        if isinstance(a, ast.Name) and isinstance(b, ast.Name) and found.setdefault(a.id, b.id) != b.id:
            return None
    return found


def _renamed(new: ast.expr, names: dict[str, str]) -> ast.expr:
    """The same expression of other names."""
    other = copy.deepcopy(new)
    for node in ast.walk(other):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
    return other


def _form(node: ast.AST) -> list[str]:
    """What a piece of source is but for names and numbers."""
    return [
        type(each).__name__ + (str(type(each.value)) if isinstance(each, ast.Constant) else "")
        for each in ast.walk(node)
    ]
