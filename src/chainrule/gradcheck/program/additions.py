"""What may be missing from a formula: a term that is a product, the derivative of an activation, a sum over an axis;
and parts of arrays that begin or end elsewhere.

There are too many of these for every line of a program; they are for one that is known to be wrong.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from chainrule.gradcheck.program.slips import Slip

_MOST_OPERANDS = 20
_LIBRARIES = frozenset({"np", "numpy", "math", "scipy"})
_NO_OPERANDS = frozenset({"T", "shape", "size", "ndim", "dtype"})
_DERIVATIVES = ("{0} > 0", "{0} * (1 - {0})", "1 - {0} ** 2", "1 - {0}")
"""Of ReLU, the sigmoid and tanh, by their inputs or outputs; and what a gate lets through."""

_SUMS = ("np.sum({}, axis=0)", "np.sum({}, axis=1)", "np.sum({}, axis=0, keepdims=True)",
         "np.sum({}, axis=1, keepdims=True)", "np.sum({})", "np.sqrt({})")  # fmt: skip


def operands(function: ast.AST) -> list[ast.expr]:
    """What a function's formulas are made of: its variables, attributes and items, each once."""
    called = {id(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
    found: dict[str, ast.expr] = {}
    for node in ast.walk(function):
        match node:
            case ast.arg(arg=name):
                found.setdefault(name, ast.Name(name, ast.Load()))
            case ast.Name(id=name) if name not in _LIBRARIES and id(node) not in called:
                found.setdefault(name, ast.Name(name, ast.Load()))
            case ast.Attribute(value=ast.Name(id=owner), attr=attr):
                if owner not in _LIBRARIES and attr not in _NO_OPERANDS and id(node) not in called:
                    found.setdefault(ast.unparse(node), ast.Attribute(node.value, attr, ast.Load()))
            case ast.Subscript(
                value=ast.Name() | ast.Attribute() as owner, slice=ast.Constant() | ast.Name() as key
            ):
                found.setdefault(ast.unparse(node), ast.Subscript(owner, key, ast.Load()))
    return list(found.values())[:_MOST_OPERANDS]


def missing_terms(value: ast.expr, among: list[ast.expr]) -> Iterator[Slip]:
    """A value with a term more, which is a product of two things, or twice that: as of a penalty."""
    for one, other in itertools.combinations(among, 2):
        product = ast.BinOp(one, ast.Mult(), other)
        for term in (product, ast.BinOp(ast.BinOp(ast.Constant(2), ast.Mult(), one), ast.Mult(), other)):
            yield "another term", ast.BinOp(value, ast.Add(), term)


def missing_factors(value: ast.expr, among: list[ast.expr]) -> Iterator[Slip]:
    """A value with a factor more: the derivative of an activation, or something that is no plain variable."""
    for operand in among:
        text = ast.unparse(operand)
        for derivative in _DERIVATIVES:
            factor = ast.parse(derivative.format(text), mode="eval").body
            yield "derivative", ast.BinOp(value, ast.Mult(), factor)
        # That a variable is a factor is a usual slip.
        if not isinstance(operand, ast.Name):
            yield "scale", ast.BinOp(value, ast.Mult(), operand)
        yield "scale", ast.BinOp(value, ast.Div(), operand)
        for size in ("len({})", "{}.shape[0]", "{}.shape[1]"):
            divisor = ast.parse(size.format(text), mode="eval").body
            yield "scale", ast.BinOp(value, ast.Div(), divisor)


def other_slices(index: ast.expr, among: list[ast.expr]) -> Iterator[Slip]:
    """An index whose slices begin or end elsewhere: at the other end, or at something else."""
    axes = index.elts if isinstance(index, ast.Tuple) else [index]
    for place, axis in enumerate(axes):
        if not isinstance(axis, ast.Slice) or axis.step is not None:
            continue
        for bound in (*filter(None, (axis.lower, axis.upper)), *among):
            for ends in ((bound, None), (None, bound), (_minus(bound), None), (None, _minus(bound))):
                new = [*axes]
                new[place] = ast.Slice(*ends)
                yield "index", ast.Tuple(new, ast.Load()) if isinstance(index, ast.Tuple) else new[0]


def _minus(bound: ast.expr) -> ast.expr:
    return bound.operand if isinstance(bound, ast.UnaryOp) else ast.UnaryOp(ast.USub(), bound)


def missing_sums(value: ast.expr) -> Iterator[Slip]:
    """A value summed over an axis, or its root."""
    for form in _SUMS:
        call = ast.parse(form.format("x"), mode="eval").body
        assert isinstance(call, ast.Call)
        call.args = [value]
        yield ("power" if "sqrt" in form else "axis"), call
