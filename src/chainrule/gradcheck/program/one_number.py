"""``float(a)`` of an array of one number, as NumPy gave it before 2.4: of ``[[0.5]]``, 0.5; and such an array put into
an entry, ``Z[i, j] = a``.

Costs of a single column are often made a number so, and entries of convolutions are sums with a bias of shape
(1, 1, 1). Every such call, and every such value, becomes one that does as NumPy did; the text, which is what is shown,
keeps it as it is.
"""

from __future__ import annotations

import ast
import copy
from types import CodeType, MappingProxyType
from typing import Any

import numpy as np

AS_NUMBER, AS_ENTRY = "__chainrule_as_number__", "__chainrule_as_entry__"
_TYPES = ("float", "int")


class OneNumber(ast.NodeTransformer):
    """Puts calls of :func:`as_number` in the place of ``float(a)`` and ``int(a)``, of :func:`as_entry` around what
    entries are given.

    >>> ast.unparse(OneNumber().visit(ast.parse("x = float(a)")))
    'x = __chainrule_as_number__(float, a)'
    >>> ast.unparse(OneNumber().visit(ast.parse("Z[i, j] = a")))
    'Z[i, j] = __chainrule_as_entry__(a, Z)'
    """

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id=kind), args=[value], keywords=[]) if kind in _TYPES:
                if not isinstance(value, ast.Starred | ast.Constant):
                    new = ast.Call(ast.Name(AS_NUMBER, ast.Load()), [node.func, value], [])
                    return ast.fix_missing_locations(ast.copy_location(new, node))
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        if len(node.targets) == 1:
            node.value = _entry(node.targets[0], node.value)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        node.value = _entry(node.target, node.value)
        return node


def _entry(target: ast.expr, value: ast.expr) -> ast.expr:
    """What an entry is given, ``self.Z[i, j]``; what is given to anything else as it is. It counts as the value that it
    is of: of a text or a tuple nothing is made."""
    if not isinstance(target, ast.Subscript) or not _is_plain(target.value):
        return value
    if isinstance(target.slice, ast.Slice) or isinstance(value, ast.Constant | ast.Tuple | ast.JoinedStr):
        return value
    # The value comes first, as it may be what puts the array there.
    call = ast.Call(ast.Name(AS_ENTRY, ast.Load()), [value, copy.deepcopy(target.value)], [])
    return ast.fix_missing_locations(ast.copy_location(call, value))


def _is_plain(holder: ast.expr) -> bool:
    """Whether it can be read twice: a name, an attribute of one, what lies under a key, ``grads["W"]``."""
    while isinstance(holder, ast.Attribute | ast.Subscript):
        if isinstance(holder, ast.Subscript) and not isinstance(holder.slice, ast.Name | ast.Constant):
            return False
        holder = holder.value
    return isinstance(holder, ast.Name)


def as_number(kind: Any, value: Any) -> Any:
    """``kind(value)``, where an array of one number is this number.

    >>> as_number(float, np.array([[0.5]])), as_number(int, "3")
    (0.5, 3)
    """
    return kind(value.item() if isinstance(value, np.ndarray) and value.size == 1 else value)


def as_entry(value: Any, holder: Any) -> Any:
    """What an array is given: of an array of one number this number; all else as it is.

    >>> as_entry(np.array([[0.5]]), np.zeros((2, 3))).shape, as_entry(np.array([[0.5]]), [0.0]).shape
    ((), (1, 1))
    """
    is_of_numbers = isinstance(holder, np.ndarray) and holder.dtype != object
    is_number = isinstance(value, np.ndarray) and value.ndim > 0 and value.size == 1
    return value.reshape(()) if is_of_numbers and is_number else value


NUMBERS = MappingProxyType({AS_NUMBER: as_number, AS_ENTRY: as_entry})


def takes_numbers(code: CodeType) -> bool:
    """Whether a function, or one that it makes, was compiled with such calls."""
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return not NUMBERS.keys().isdisjoint(code.co_names) or any(map(takes_numbers, inner))
