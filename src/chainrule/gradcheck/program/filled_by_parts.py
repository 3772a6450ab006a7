"""Arrays that are made empty and filled with two parts beside each other: a state, and all later ones but the last.

``H0 = np.zeros((m, T))``, ``H0[:, 0] = h0``, ``H0[:, 1:] = H[:, :-1]`` is ``np.column_stack([h0, H[:, :-1]])``.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

_EMPTY = ("zeros", "empty", "ones", "zeros_like", "empty_like", "ones_like")
_FIRST = ("0", "[0]", ":1", "0:1")
_OTHERS = "1:"


def filled_by_parts(scope: Sequence[ast.AST], changed: Mapping[str, int]) -> dict[str, ast.expr]:
    """Such arrays of a scope, by name, each as the one expression that gives the same.

    Args:
        scope: the nodes of a function, or of the top level.
        changed: how often each name is set or changed in it; what is changed once more is something else.

    >>> lines = "H0 = np.zeros((5, 7))\\nH0[:, 0] = h0\\nH0[:, 1:] = H[:, :-1]"
    >>> ast.unparse(filled_by_parts(ast.parse(lines).body, {"H0": 3})["H0"])
    'np.column_stack([h0, H[:, :-1]])'
    """
    modules: dict[str, ast.expr] = {}
    parts: dict[str, dict[str, ast.expr]] = {}
    for node in scope:
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Attribute(value=ast.Name() as module, attr=attribute)),
            ) if attribute in _EMPTY:
                modules[name] = module
            case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=place)], value=part):
                parts.setdefault(name, {})[ast.unparse(place).strip("()").replace(" ", "")] = part
    told = {n: _stacked(module, parts.get(n, {})) for n, module in modules.items() if changed.get(n) == 3}
    return {name: stacked for name, stacked in told.items() if stacked is not None}


def _stacked(module: ast.expr, parts: Mapping[str, ast.expr]) -> ast.expr | None:
    """The two parts beside each other, or one under the other; None where they are others."""
    for function, before, after in (("column_stack", ":,", ""), ("vstack", "", ",:"), ("vstack", "", "")):
        first = next((parts[key] for place in _FIRST if (key := f"{before}{place}{after}") in parts), None)
        others = parts.get(f"{before}{_OTHERS}{after}")
        if first is not None and others is not None:
            return ast.Call(ast.Attribute(module, function), [ast.List([first, others])], [])
    return None
