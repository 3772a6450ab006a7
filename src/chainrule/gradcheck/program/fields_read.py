"""The attributes that a function reads, or sets, of what it is given and of what its own object holds."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chainrule.gradcheck.program.lookups import gone_through, place_of


def fields_in(
    node: ast.FunctionDef, owner: str, context: type[ast.expr_context] = ast.Load
) -> dict[str, tuple[str, ...]]:
    """The attributes that a function reads, or sets, by what they are those of: those of ``net`` after ``net =
    self.net`` as well by ``.net``, those of ``self.layers[i]``, and of ``each`` in ``for each in self.layers``, by
    ``.layers[]``."""
    fields: dict[str, list[str]] = {}
    aliases = dict(_aliases(node, owner))
    for inner in ast.walk(node):
        if not isinstance(inner, ast.Attribute) or not isinstance(inner.ctx, context):
            continue
        if isinstance(inner.value, ast.Subscript):
            place = place_of(inner.value.value, node, owner)
            name = f"{place}[]" if place else ""
        else:
            name = place_of(inner.value, node, owner)
        for known in filter(None, (name, aliases.get(name, ""))):
            fields.setdefault(known, []).append(inner.attr)
    return {name: tuple(dict.fromkeys(texts)) for name, texts in fields.items()}


def _aliases(node: ast.FunctionDef, owner: str) -> Iterator[tuple[str, str]]:
    """The names that stand for attributes of a function's own object, and for elements of such."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.For | ast.comprehension):
            for name, element in gone_through(inner.target, inner.iter):
                if isinstance(element.value, ast.Attribute) and (
                    place := place_of(element.value, node, owner)
                ):
                    yield name, f"{place}[]"
        match inner:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute() as value):
                if place := place_of(value, node, owner):
                    yield name, place
