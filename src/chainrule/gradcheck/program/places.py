"""Where the expressions of a statement stand."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chainrule.gradcheck.program.change import BODIES, NodePlace


def expressions(node: ast.AST) -> Iterator[NodePlace]:
    """Where the expressions of a statement stand, those of statements within it left out."""
    for field, value in ast.iter_fields(node):
        if field in BODIES and isinstance(node, ast.stmt):
            continue
        items = enumerate(value) if isinstance(value, list) else [(None, value)]
        for index, item in items:
            if isinstance(item, ast.expr):
                yield NodePlace(node, field, index)
            if isinstance(item, ast.AST) and not isinstance(item, ast.stmt):
                yield from expressions(item)


def in_indices(statement: ast.stmt) -> set[int]:
    """What stands in an index, by its identity."""
    indices = (node.slice for node in ast.walk(statement) if isinstance(node, ast.Subscript))
    return {id(node) for index in indices for node in ast.walk(index)}


def of_formula(statement: ast.stmt) -> Iterator[NodePlace]:
    """Where the expressions stand of which a statement takes the value, those in an index left out.

    >>> (statement,) = ast.parse("d[i] = a[j] * b").body
    >>> [ast.unparse(place.get()) for place in of_formula(statement)]
    ['a[j] * b', 'a[j]', 'a', 'b']
    """
    if isinstance(statement, ast.Assign | ast.AugAssign | ast.Return) and statement.value is not None:
        inside, indices = {id(node) for node in ast.walk(statement.value)}, in_indices(statement)
        for place in expressions(statement):
            if id(place.get()) in inside and id(place.get()) not in indices:
                yield place
