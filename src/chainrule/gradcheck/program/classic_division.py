"""Whole numbers divided as in Python 2, which gave ``7 / 2`` as 3.

Every ``/`` of a file that was written for it becomes a call that divides as it did; the text, which is what is shown,
keeps the ``/``.
"""

from __future__ import annotations

import ast
import operator
from types import CodeType, MappingProxyType
from typing import Any

import numpy as np

DIVIDED, DIVIDED_IN_PLACE = "__chainrule_divided__", "__chainrule_divided_in_place__"


class ClassicDivision(ast.NodeTransformer):
    """Puts calls of :func:`divided` in the place of ``/``.

    >>> ast.unparse(ClassicDivision().visit(ast.parse("x = a / 2")))
    'x = __chainrule_divided__(a, 2)'
    """

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Div):
            return node
        return _call(DIVIDED, node.left, node.right, node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.Div):
            return node
        before = ast.parse(ast.unparse(node.target), mode="eval").body
        value = _call(DIVIDED_IN_PLACE, before, node.value, node)
        return ast.copy_location(ast.Assign([node.target], value), node)


def _call(name: str, first: ast.expr, second: ast.expr, place: ast.AST) -> ast.Call:
    call = ast.Call(ast.Name(name, ast.Load()), [first, second], [])
    return ast.fix_missing_locations(ast.copy_location(call, place))


def divided(a: Any, b: Any) -> Any:
    """``a / b`` as in Python 2: of whole numbers, a whole number.

    >>> divided(7, 2), divided(7.0, 2)
    (3, 3.5)
    """
    return operator.floordiv(a, b) if _is_whole(a) and _is_whole(b) else operator.truediv(a, b)


def divided_in_place(a: Any, b: Any) -> Any:
    """What ``a`` is after ``a /= b``, as in Python 2."""
    if _is_whole(a) and _is_whole(b):
        a //= b
    else:
        a /= b
    return a


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) or (isinstance(value, np.ndarray) and value.dtype.kind in "iu")


DIVISIONS = MappingProxyType({DIVIDED: divided, DIVIDED_IN_PLACE: divided_in_place})


def divides_so(code: CodeType) -> bool:
    """Whether a function, or one that it makes, was compiled with such calls."""
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return not DIVISIONS.keys().isdisjoint(code.co_names) or any(map(divides_so, inner))
