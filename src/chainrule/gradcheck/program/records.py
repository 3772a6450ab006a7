"""What picks entries of arrays: indices, and the parts of tuples in lists, as of ratings of users and items."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Literal

RecordPart = Literal["index", "indices", "number"]
"""What a part of such a tuple is: it picks one entry, several, or is a number."""

_OF_MATRICES = (
    "dot",
    "matmul",
    "einsum",
    "inner",
    "outer",
    "tensordot",
    "vdot",
    "multi_dot",
    "kron",
    "solve",
    "inv",
)
"""What products of matrices, and whatever else takes a matrix as a whole, are called."""


def records_in(node: ast.FunctionDef) -> dict[str, tuple[RecordPart, ...]]:
    """What the parts of the tuples are, by the name of the list that a loop goes through; without lists of which no
    part picks anything.

    >>> text = "def f(P, data):\\n    return sum((P[i] - r) ** 2 for i, r in data)"
    >>> records_in(ast.parse(text).body[0])
    {'data': ('index', 'number')}
    """
    inside = [n.slice for n in ast.walk(node) if isinstance(n, ast.Subscript)]
    picking = {part.id for each in inside for part in ast.walk(each) if isinstance(part, ast.Name)}
    loops = list(_loops(node))
    through = {each.id for _, each in loops if isinstance(each, ast.Name)}
    records: dict[str, tuple[RecordPart, ...]] = {}
    for target, several in loops:
        if not (isinstance(target, ast.Tuple) and isinstance(several, ast.Name)):
            continue
        names = [part.id for part in target.elts if isinstance(part, ast.Name)]
        parts: list[RecordPart] = [
            "indices" if name in through else "index" if name in picking else "number" for name in names
        ]
        if len(parts) == len(target.elts) and {*parts} != {"number"}:
            records.setdefault(several.id, tuple(parts))
    return records


def picking_in(node: ast.FunctionDef) -> frozenset[str]:
    """The names whose numbers pick entries of arrays, whole or in part; sizes that bound a slice do not.

    >>> sorted(picking_in(ast.parse("def f(E, words, t, n): return E[words[:, t]][:n]").body[0]))
    ['t', 'words']
    """
    inside = (n.slice for n in ast.walk(node) if isinstance(n, ast.Subscript))
    return frozenset(name for each in inside for name in _picks(each))


def counting_in(node: ast.FunctionDef) -> frozenset[str]:
    """The names that may say which entries of arrays count, as zeros and ones do: they are factors of products by
    entries, or pick entries, and stand in no product of matrices.

    >>> sorted(counting_in(ast.parse("def f(x, M, A, seen): return (M * (x @ A) * A)[seen]").body[0]))
    ['M', 'seen']
    """
    factors, of_matrices = {*picking_in(node)}, set[str]()
    for each in ast.walk(node):
        match each:
            case ast.BinOp(op=ast.Mult(), left=left, right=right):
                factors |= {*_whole(left), *_whole(right)}
            case ast.AugAssign(op=ast.Mult(), value=value) | ast.UnaryOp(op=ast.Invert(), operand=value):
                factors |= {*_whole(value)}
            case ast.BinOp(op=ast.MatMult(), left=left, right=right):
                of_matrices |= {*_whole(left), *_whole(right)}
            case ast.Call(func=ast.Name(id=name), args=given) if name in _OF_MATRICES:
                of_matrices |= {found for part in given for found in _whole(part)}
            case ast.Call(func=ast.Attribute(value=value, attr=name), args=given) if name in _OF_MATRICES:
                of_matrices |= {found for part in (value, *given) for found in _whole(part)}
            case ast.Call(func=ast.Attribute(attr="where"), args=[condition, *_]):
                factors |= {*_whole(condition)}
    return frozenset(factors - of_matrices)


def _whole(factor: ast.expr) -> Iterator[str]:
    """The name of an array as it is, turned, or with more axes."""
    match factor:
        case ast.Name(id=name):
            yield name
        case ast.Attribute(value=inner, attr="T") | ast.Subscript(value=inner):
            yield from _whole(inner)
        case ast.UnaryOp(operand=inner):
            yield from _whole(inner)
        case ast.Call(func=ast.Attribute(value=inner, attr="astype" | "reshape" | "copy" | "transpose")):
            yield from _whole(inner)


def _picks(index: ast.expr) -> Iterator[str]:
    match index:
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=parts):
            for part in parts:
                yield from _picks(part)
        case ast.Subscript(value=ast.Name(id=name), slice=inner):
            yield name
            yield from _picks(inner)


def _loops(node: ast.FunctionDef) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What each loop gives its values to, and what it goes through."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.For | ast.comprehension):
            match inner.target, inner.iter:
                case ast.Tuple(elts=[_, target]), ast.Call(func=ast.Name(id="enumerate"), args=[several, *_]):
                    yield target, several
                case target, several:
                    yield target, several
