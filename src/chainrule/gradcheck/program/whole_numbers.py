"""Whole numbers that are written into source: sizes, as a rule."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator


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
