"""A user's code compiled as the versions of Python and NumPy ran it that it was written for, in double precision."""

from __future__ import annotations

import ast
from functools import cache
from types import CodeType, MappingProxyType
from typing import Any

from chainrule.gradcheck.program.classic_division import DIVISIONS, ClassicDivision
from chainrule.gradcheck.program.double_precision import DoublePrecision
from chainrule.gradcheck.program.one_number import NUMBERS, OneNumber

CALLED = MappingProxyType({**DIVISIONS, **NUMBERS})
"""What such code calls that is not in its text, by name."""


def as_run(tree: ast.Module, *, classic: bool, of_numbers: bool = True) -> ast.Module:
    """What runs for a text, made of it in place.

    Args:
        classic: whether it divides whole numbers as Python 2 did.
        of_numbers: whether arrays of one number are taken for it: in what is not loaded by us they are not.
    """
    divided: ast.Module = ClassicDivision().visit(tree) if classic else tree
    numbered: ast.Module = OneNumber().visit(divided) if of_numbers else divided
    new: ast.Module = DoublePrecision().visit(numbered)
    return new


def compiled(tree: ast.Module, file: str, *, classic: bool, of_numbers: bool = True) -> CodeType:
    """The code of a text as it is run; the arguments are those of :func:`as_run`.

    Raises:
        SyntaxError, ValueError, RecursionError: it is no code.
    """
    tree = as_run(copied(tree), classic=classic, of_numbers=of_numbers)
    return compile(ast.fix_missing_locations(tree), file, "exec", dont_inherit=True)


def copied(node: Any) -> Any:
    """A tree with nodes of its own, many times as fast as by ``copy.deepcopy``.

    Only what is of a tree by itself is copied: libraries that show tracebacks hang further things on nodes that all
    trees share.
    """
    if isinstance(node, list):
        return [copied(each) for each in node]
    if not isinstance(node, ast.AST):
        return node
    own = _names(node._fields, node._attributes)
    if not own:
        # Operators and contexts are one object wherever they stand.
        return node
    new = node.__class__.__new__(node.__class__)
    held = new.__dict__
    for name, value in node.__dict__.items():
        if name in own:
            held[name] = copied(value) if isinstance(value, ast.AST | list) else value
    return new


@cache
def _names(fields: tuple[str, ...], attributes: tuple[str, ...]) -> frozenset[str]:
    return frozenset((*fields, *attributes))
