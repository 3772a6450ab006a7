"""Lists that a function makes longer or shorter, or puts in another order: ``W.pop()``."""

from __future__ import annotations

import ast

_METHODS = ("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort")


def resized_in(node: ast.FunctionDef) -> set[str]:
    """The names of such lists.

    >>> definition = ast.parse("def forward(X, W, b):\\n    last = W.pop()\\n    b.reverse()").body[0]
    >>> sorted(resized_in(definition))
    ['W', 'b']
    """
    calls = (n.func for n in ast.walk(node) if isinstance(n, ast.Call))
    methods = (f for f in calls if isinstance(f, ast.Attribute) and f.attr in _METHODS)
    return {method.value.id for method in methods if isinstance(method.value, ast.Name)}
