"""Vectors that hold all parameters end to end, which a function takes apart by sizes that it is given."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

_OF_SHAPES = ("reshape", "zeros", "ones", "empty", "range")


class TakenApart(NamedTuple):
    """What a function takes apart as a vector.

    Attributes:
        vectors: the arguments that it does so with.
        sizes: those that say where, and in which shapes.
        handed: the functions that it hands its arguments to as they are, with the name of each in its place; empty for
            all else.
    """

    vectors: frozenset[str] = frozenset()
    sizes: frozenset[str] = frozenset()
    handed: tuple[tuple[str, tuple[str, ...]], ...] = ()


def taken_apart_as_vector(node: ast.FunctionDef) -> TakenApart:
    """The vectors that a function takes apart.

    >>> text = "def f(theta, n, m): return theta[: n * m].reshape(n, m), theta[n * m :]"
    >>> found = taken_apart_as_vector(ast.parse(text).body[0])
    >>> sorted(found.vectors), sorted(found.sizes)
    (['theta'], ['m', 'n'])
    """
    arguments = {a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    every = list(ast.walk(node))
    calls = [n for n in every if isinstance(n, ast.Call)]
    vectors = {name for call in calls for name in _reshaped(call)} & arguments
    bounds = (n for part in every for n in _bounds(part, vectors))
    shapes = (a for call in calls if _called(call) in _OF_SHAPES for a in call.args)
    sizes = [n.id for each in (*bounds, *shapes) for n in _as_they_are(each)]
    made = {
        n.targets[0].id: n.value
        for n in every
        if isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Name)
    }
    for name in sizes:
        # In the order in which they are found; those that another is made of come behind it.
        sizes += [n.id for n in _as_they_are(made.get(name)) if n.id not in sizes]
    handed = [
        (_called(call), tuple(a.id if isinstance(a, ast.Name) else "" for a in call.args)) for call in calls
    ]
    own = ((name, given) for name, given in handed if arguments & {*given})
    return TakenApart(
        frozenset(vectors), frozenset({*sizes} & arguments - vectors), tuple(dict.fromkeys(own))
    )


def _reshaped(call: ast.Call) -> Iterator[str]:
    """The name of what is cut and put into a shape: ``theta[:n].reshape(a, b)``, ``np.reshape(theta[:n], (a, b))``."""
    if _called(call) != "reshape":
        return
    cut = call.func.value if isinstance(call.func, ast.Attribute) else None
    for part in (cut, *call.args[:1]):
        match part:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Slice()):
                yield name


def _bounds(part: ast.AST, vectors: set[str]) -> Iterator[ast.expr]:
    """Where one of the vectors is cut."""
    match part:
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Slice(lower=lower, upper=upper)) if (
            name in vectors
        ):
            yield from (bound for bound in (lower, upper) if bound is not None)


def _as_they_are(value: ast.expr | None) -> Iterator[ast.Name]:
    """The names in a sum or product of numbers, or in a shape; not those of arrays of which a part is taken."""
    match value:
        case ast.Name():
            yield value
        case ast.BinOp(left=left, right=right):
            yield from (*_as_they_are(left), *_as_they_are(right))
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _as_they_are(part)


def _called(call: ast.Call) -> str:
    """The name of the function or method that is called."""
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
