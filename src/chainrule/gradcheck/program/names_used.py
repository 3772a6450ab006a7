"""The names that some code reads and sets."""

from __future__ import annotations

import ast


def names_in(node: ast.AST) -> set[str]:
    """All of them.

    >>> sorted(names_in(ast.parse("a = b.c(d)")))
    ['a', 'b', 'd']
    """
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def names_read(node: ast.AST) -> set[str]:
    """Those that it reads.

    >>> sorted(names_read(ast.parse("a = b.c(d)")))
    ['b', 'd']
    """
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def names_set(node: ast.AST) -> list[ast.Name]:
    """Those that it sets.

    >>> [n.id for n in names_set(ast.parse("a, b = c"))]
    ['a', 'b']
    """
    return [n for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
