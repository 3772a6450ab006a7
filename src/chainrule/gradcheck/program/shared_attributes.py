"""Attributes of an object that hold the arrays of others, as ``self.params = {"W": self.W}`` does.

What is given to the one another value has to be given to the others too, as whoever changes the arrays where they are
changes them for all.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable


def shared_attributes(node: ast.FunctionDef, itself: str) -> dict[str, str]:
    """The attributes that a method makes of other attributes alone, whatever happens, each as an expression in which
    these stand by their names.

    >>> text = "def __init__(self): self.W = draw(); self.all = [self.W]; self.params['W'] = self.W; self.n = size()"
    >>> shared_attributes(ast.parse(text).body[0], "self")
    {'all': '[W]', 'params': "{**params, 'W': W}"}
    """
    found: dict[str, ast.expr] = {}
    for target, value in ((t, n.value) for n in node.body if isinstance(n, ast.Assign) for t in n.targets):
        of_others = _of_attributes(value, itself)
        match target:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == itself:
                found.pop(attribute, None)
                if of_others is None and isinstance(value, ast.Dict):
                    parts = zip(value.keys, value.values, strict=True)
                    shared = [(key, _of_attributes(part, itself)) for key, part in parts]
                    of_others = _with_entries(
                        attribute, ((k, p) for k, p in shared if k is not None and p is not None)
                    )
                if of_others is not None and _names(of_others) - {attribute}:
                    found[attribute] = of_others
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name(id=name), attr=attribute),
                slice=ast.Constant(value=str()) as key,
            ) if name == itself and of_others is not None and _names(of_others):
                found[attribute] = _with_entries(attribute, [(key, of_others)], found.get(attribute))
    return {name: ast.unparse(value) for name, value in found.items()}


def _with_entries(
    name: str, entries: Iterable[tuple[ast.expr, ast.expr]], before: ast.expr | None = None
) -> ast.expr:
    """A dictionary with some other entries: ``{**params, "W": W}``."""
    known = before if isinstance(before, ast.Dict) else ast.Dict([None], [ast.Name(name)])
    keys, values = zip(*entries, strict=True) if (entries := list(entries)) else ((), ())
    return ast.Dict([*known.keys, *keys], [*known.values, *values])


def _of_attributes(value: ast.expr, itself: str) -> ast.expr | None:
    """An expression with attributes of the object by their names; None where it is made of anything else."""
    match value:
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == itself:
            return ast.Name(attribute)
        case ast.Subscript(value=whole, slice=ast.Constant() as key):
            of_whole = _of_attributes(whole, itself)
            return ast.Subscript(of_whole, key) if of_whole is not None else None
        case ast.List(elts=elements) | ast.Tuple(elts=elements) if elements:
            parts = [_of_attributes(element, itself) for element in elements]
            known = [part for part in parts if part is not None]
            return type(value)(known) if len(known) == len(parts) else None
        case ast.Dict(keys=keys, values=values) if keys:
            parts = [_of_attributes(part, itself) for part in values]
            known = [part for part in parts if part is not None]
            plain = all(isinstance(key, ast.Constant) for key in keys)
            return ast.Dict(keys, known) if plain and len(known) == len(parts) else None
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
            keys = [ast.Constant(k.arg) for k in keywords if k.arg]
            return _of_attributes(ast.Dict(keys, [k.value for k in keywords if k.arg]), itself)
    return None


def _names(value: ast.expr) -> set[str]:
    return {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}
