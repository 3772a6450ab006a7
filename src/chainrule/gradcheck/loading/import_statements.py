"""What import statements say: each name on its own, and where it comes from."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def one_by_one(node: ast.stmt) -> Iterator[ast.stmt]:
    """The imports of a statement, each on its own.

    >>> [ast.unparse(each) for each in one_by_one(ast.parse("from a import b, c as d").body[0])]
    ['from a import b', 'from a import c as d']
    """
    assert isinstance(node, ast.Import | ast.ImportFrom)
    for alias in node.names:
        single = ast.Import([alias]) if isinstance(node, ast.Import) else _from(node, alias)
        yield ast.copy_location(single, node)


def _from(node: ast.ImportFrom, alias: ast.alias) -> ast.ImportFrom:
    return ast.ImportFrom(node.module, [alias], node.level)


def names_bound(node: ast.Import | ast.ImportFrom) -> list[str]:
    """The names that an import gives a value.

    >>> names_bound(ast.parse("import os.path, numpy as np").body[0])
    ['os', 'np']
    """
    return [alias.asname or alias.name.partition(".")[0] for alias in node.names]


def imported_from(node: ast.stmt) -> str:
    """The module, or its outermost package, that names are imported from; empty where they are from none.

    >>> imported_from(ast.parse("from scipy.io import loadmat").body[0])
    'scipy'
    """
    module = node.module if isinstance(node, ast.ImportFrom) and not node.level else ""
    return (module or "").partition(".")[0]
