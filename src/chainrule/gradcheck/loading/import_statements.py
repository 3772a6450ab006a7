"""What import statements say: each name on its own, and where it comes from."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_CATCHES = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


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


def guarded_packages(tree: ast.AST) -> set[str]:
    """The modules, or their outermost packages, of imports whose failure is seen to: the author can do without them.

    >>> guarded_packages(ast.parse("try:\\n    from fast.losses import mse\\nexcept ImportError:\\n    import slow"))
    {'fast'}
    """
    found = set[str]()
    for statement in (inner for node in ast.walk(tree) if _sees_to_failure(node) for inner in _within(node)):
        if isinstance(statement, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in statement.names}
        elif isinstance(statement, ast.ImportFrom) and (package := imported_from(statement)):
            found.add(package)
    return found


def _within(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in the body of a statement, not in its handlers."""
    for statement in getattr(node, "body", []):
        yield from ast.walk(statement)


def _sees_to_failure(node: ast.AST) -> bool:
    """Whether a statement goes on where an import in its body fails."""
    if isinstance(node, ast.Try):
        return any(handler.type is None or _names_error(handler.type) for handler in node.handlers)
    return isinstance(node, ast.With) and any(
        ast.unparse(item.context_expr.func).rpartition(".")[2] == "suppress"
        and any(map(_names_error, item.context_expr.args))
        for item in node.items
        if isinstance(item.context_expr, ast.Call)
    )


def _names_error(node: ast.expr) -> bool:
    return any(isinstance(each, ast.Name) and each.id in _CATCHES for each in ast.walk(node))
