"""Whole numbers that are written into source: sizes, as a rule."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator, Mapping, Sequence

from chainrule.gradcheck.program.names import counts_samples, is_batch_size

Size = int | str
"""A number, or the name of one."""


def whole_numbers(node: ast.AST) -> Iterator[int]:
    """Whole numbers, and products of such: ``32 * 32 * 3`` is 3072."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and type(inner.value) is int:
            yield inner.value
        elif isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Mult):
            with contextlib.suppress(ValueError):
                yield _product(inner)


def _product(node: ast.expr) -> int:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return _product(node.left) * _product(node.right)
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    raise ValueError


def divisors(node: ast.AST) -> Iterator[str]:
    """The names by which whole numbers are divided, as the number of groups in ``C // G``.

    >>> list(divisors(ast.parse("x.reshape(N, G, C // G, H, W)")))
    ['G']
    """
    for inner in ast.walk(node):
        match inner:
            case ast.BinOp(op=ast.FloorDiv(), right=ast.Name(id=name)):
                yield name


def shapes(node: ast.AST) -> Iterator[tuple[Size, Size]]:
    """The sizes of matrices as they are written: ``zeros((4, 6))``, ``normal(0, 1, (4, 6))``, ``rand(4, 6)``, and
    ``W[i, j]`` or ``W[i][j]`` in loops over ``range(4)`` and ``range(6)``; and of layers, ``Dense(4, 6, ReLU())``.

    >>> list(shapes(ast.parse("W, V = rng.normal(0, 1, size=(m, n)), zeros((4, 6))")))
    [('m', 'n'), (4, 6)]
    """
    yield from _shapes(node, {})


def _shapes(node: ast.AST, ranges: Mapping[str, Size]) -> Iterator[tuple[Size, Size]]:
    match node:
        case ast.For(target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"), args=[end])):
            ranges = {**ranges, name: size} if (size := _size(end)) is not None else ranges
        case ast.Call(func=function, args=given, keywords=keywords):
            named = [each.value for each in keywords if each.arg in ("size", "shape")]
            tuples = [each.elts for each in (*given, *named) if isinstance(each, ast.Tuple)]
            is_class = isinstance(function, ast.Name) and function.id[:1].isupper()
            for sizes in tuples or [given[:2] if is_class else given]:
                yield from _both(list(map(_size, sizes)))
        case ast.Subscript(slice=ast.Tuple(elts=given)):
            yield from _both([ranges.get(g.id) if isinstance(g, ast.Name) else None for g in given])
        case ast.Subscript(value=ast.Subscript(slice=ast.Name(id=first)), slice=ast.Name(id=second)):
            yield from _both([ranges.get(first), ranges.get(second)])
    for inner in ast.iter_child_nodes(node):
        yield from _shapes(inner, ranges)


def _both(sizes: Sequence[Size | None]) -> Iterator[tuple[Size, Size]]:
    match sizes:
        case [int() | str() as first, int() | str() as second]:
            yield first, second


def _size(node: ast.expr) -> Size | None:
    if isinstance(node, ast.Name | ast.Attribute):
        return node.id if isinstance(node, ast.Name) else node.attr
    with contextlib.suppress(ValueError):
        return _product(node)
    return None


def named_numbers(node: ast.stmt) -> Iterator[tuple[str, int]]:
    """``K = 10``, and each of ``K, d = 10, 3072``."""
    if not isinstance(node, ast.Assign):
        return
    target, value = node.targets[0], node.value
    both = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
    pairs = zip(target.elts, value.elts, strict=False) if both else [(target, value)]  # type: ignore[attr-defined]
    for name, number in pairs:
        with contextlib.suppress(ValueError):
            if isinstance(name, ast.Name):
                yield name.id, _product(number)


def averaged(node: ast.AST) -> Iterator[ast.expr]:
    """What is divided by a number of samples.

    >>> [ast.unparse(each) for each in averaged(ast.parse("dW /= X.shape[1]; w -= eta * g / len(batch)"))]
    ['dW', 'eta * g']
    >>> list(averaged(ast.parse("W - eta * g / 2")))
    []
    """
    for inner in ast.walk(node):
        match inner:
            case (
                ast.BinOp(left=dividend, op=ast.Div(), right=divisor)
                | ast.AugAssign(target=dividend, op=ast.Div(), value=divisor)
            ):
                if any(map(_is_count, ast.walk(divisor))):
                    yield dividend


def _is_count(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(attr="shape") | ast.Call(func=ast.Name(id="len")):
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return counts_samples(name) or is_batch_size(name)
    return False
