"""Numbers of axes for which code is written: those that it picks out by comparing how many an array has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

RANKS = (1, 2, 3, 4)

_SHAPE = re.compile(r"\w*shape\w*", re.IGNORECASE)


def ranks(node: ast.AST) -> Iterator[int]:
    """The numbers of axes that a comparison of ``x.ndim``, ``np.ndim(x)`` or ``len(x.shape)`` picks out; a shape that
    is kept by itself may be without the samples, and without the channels.

    >>> sorted(ranks(ast.parse("y = f(x) if x.ndim > 2 else x")))
    [3, 4]
    >>> sorted(ranks(ast.parse("if len(kernel_shape) == 2: y = g(x)")))
    [2, 3, 4]
    """
    for inner in ast.walk(node):
        if isinstance(inner, ast.Compare) and len(inner.ops) == 1:
            further = _further_axes(inner.left)
            picked = _picked(inner.ops[0], inner.comparators[0])
            yield from (rank + more for rank in picked for more in further)


def _further_axes(node: ast.expr) -> range:
    """How many axes more the inputs may have than what is compared; none where that is no number of axes."""
    match node:
        case ast.Attribute(attr="ndim") | ast.Call(func=ast.Attribute(attr="ndim") | ast.Name(id="ndim")):
            return range(1)
        case ast.Call(func=ast.Name(id="len"), args=[ast.Attribute(attr="shape")]):
            return range(1)
        case ast.Call(func=ast.Name(id="len"), args=[ast.Attribute(attr=name) | ast.Name(id=name)]):
            return range(3 if _SHAPE.fullmatch(name) else 0)
    return range(0)


def _picked(op: ast.cmpop, side: ast.expr) -> list[int]:
    """The numbers of axes for which a comparison holds."""
    given = side.elts if isinstance(side, ast.Tuple | ast.List | ast.Set) else [side]
    numbers = [n.value for n in given if isinstance(n, ast.Constant) and isinstance(n.value, int)]
    match op, numbers:
        case ast.Eq() | ast.In(), _:
            return numbers
        case ast.NotEq() | ast.NotIn(), [_, *_]:
            return [rank for rank in RANKS if rank not in numbers]
        case ast.Gt(), [number]:
            return [rank for rank in RANKS if rank > number]
        case ast.GtE(), [number]:
            return [rank for rank in RANKS if rank >= number]
        case ast.Lt(), [number]:
            return [rank for rank in RANKS if rank < number]
        case ast.LtE(), [number]:
            return [rank for rank in RANKS if rank <= number]
    return []
