"""``float(a)`` of an array of one number, as NumPy gave it before 2.4: of ``[[0.5]]``, 0.5.

Costs of a single column are often made a number so. Every such call becomes one that does as NumPy did; the text, which
is what is shown, keeps it as it is.
"""

from __future__ import annotations

import ast
from types import MappingProxyType
from typing import Any

import numpy as np

AS_NUMBER = "__chainrule_as_number__"
_TYPES = ("float", "int")


class OneNumber(ast.NodeTransformer):
    """Puts calls of :func:`as_number` in the place of ``float(a)`` and ``int(a)``.

    >>> ast.unparse(OneNumber().visit(ast.parse("x = float(a)")))
    'x = __chainrule_as_number__(float, a)'
    """

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id=kind), args=[value], keywords=[]) if kind in _TYPES:
                if not isinstance(value, ast.Starred | ast.Constant):
                    new = ast.Call(ast.Name(AS_NUMBER, ast.Load()), [node.func, value], [])
                    return ast.fix_missing_locations(ast.copy_location(new, node))
        return node


def as_number(kind: Any, value: Any) -> Any:
    """``kind(value)``, where an array of one number is this number.

    >>> as_number(float, np.array([[0.5]])), as_number(int, "3")
    (0.5, 3)
    """
    return kind(value.item() if isinstance(value, np.ndarray) and value.size == 1 else value)


NUMBERS = MappingProxyType({AS_NUMBER: as_number})
