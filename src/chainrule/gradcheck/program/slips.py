"""Usual slips of a formula, undone: other expressions for those of a statement, each a sign, a transpose, an axis, a
factor, a name or an index away from what stands there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chainrule.gradcheck.program.interface import PatchKind
from chainrule.gradcheck.program.scope import OBJECTS, InScope

Slip = tuple[PatchKind, ast.expr]
"""What is changed, and the expression that takes another's place."""

_OTHER_WAY: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Gt: ast.Lt, ast.Lt: ast.Gt, ast.GtE: ast.LtE, ast.LtE: ast.GtE, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
}  # fmt: skip
_NEGATED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.Lt: ast.GtE, ast.GtE: ast.Lt,
}  # fmt: skip
_AT_THE_EDGE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt,
}  # fmt: skip
LIBRARIES = frozenset({"np", "numpy", "math", "scipy"})
_STACKS = ("c_", "r_", "s_")
TURNED = ("transpose", "swapaxes")
"""What puts axes in another order."""

_REARRANGED = (*TURNED, "reshape", "copy")
_RUNNING = ("cumsum", "cumprod")
_TAKEN_FOR_ANOTHER = (
    ("log", "log2", "log10", "log1p"), ("exp", "expm1", "exp2"), ("sin", "cos"), ("sinh", "cosh", "tanh"),
    ("maximum", "minimum"), ("max", "min"), ("argmax", "argmin"), ("dot", "multiply", "outer"), ("var", "std"),
)  # fmt: skip
_AVERAGES = {"sum": "mean", "mean": "sum"}


def of_expression(node: ast.expr, known: InScope) -> Iterator[Slip]:
    """Everything that may have been meant where an expression stands."""
    if _is_of_a_library(node):
        yield from _alike_in_a_library(node)
        return
    match node:
        case ast.BinOp():
            yield from _of_operation(node)
        case ast.UnaryOp(op=ast.USub()):
            yield "sign", node.operand
        case ast.Attribute(attr="T"):
            yield "transpose", node.value
        case ast.Compare(ops=[operator]) if type(operator) in _OTHER_WAY:
            turned = _OTHER_WAY[type(operator)]()
            yield "comparison", ast.Compare(node.left, [turned], node.comparators)
            for others in (_AT_THE_EDGE, _NEGATED):
                if type(operator) in others:
                    yield "comparison", ast.Compare(node.left, [others[type(operator)]()], node.comparators)
            yield from (("comparison", _with_slope(node, slope)) for slope in known.constants)
        case ast.Call():
            yield from _of_call(node)
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            yield from _of_number(number)
            yield from (("number", size) for size in _sizes(known) if number > 2)
            if isinstance(number, float):
                yield from (("number", other) for other in known.constants)
            if number:
                yield "number", ast.UnaryOp(ast.USub(), node)
        case ast.Subscript():
            yield from _of_subscript(node, known)
    if _may_be_a_matrix(node):
        yield "transpose", ast.Attribute(node, "T", ast.Load())
    yield from _of_name(node, known)


def of_value(node: ast.expr, known: InScope) -> Iterator[Slip]:
    """Factors and terms of a value."""
    if isinstance(node, ast.Tuple | ast.List | ast.Dict | ast.Constant):
        return
    yield "minus", ast.UnaryOp(ast.USub(), node)
    yield "scale", ast.BinOp(ast.Constant(2), ast.Mult(), node)
    yield "scale", ast.BinOp(node, ast.Div(), ast.Constant(2))
    for divisor in known.divisors:
        yield "scale", ast.BinOp(node, ast.Div(), divisor)
        yield "scale", ast.BinOp(node, ast.Mult(), divisor)
    for constant in (each for each in known.constants if isinstance(each, ast.Name)):
        yield "scale", ast.BinOp(node, ast.Mult(), constant)
        yield "scale", ast.BinOp(node, ast.Div(), constant)
    for name in (each for each in known.names if each not in known.counters):
        is_square = isinstance(node, ast.Name) and node.id == name
        yield "power" if is_square else "scale", ast.BinOp(node, ast.Mult(), ast.Name(name, ast.Load()))
        if name not in known.sizes:
            yield "another term", ast.BinOp(node, ast.Add(), ast.Name(name, ast.Load()))
            yield "another term", ast.BinOp(node, ast.Sub(), ast.Name(name, ast.Load()))
            yield "another term", ast.BinOp(ast.Name(name, ast.Load()), ast.Sub(), node)


def _with_slope(mask: ast.Compare, slope: ast.expr) -> ast.expr:
    """What a leaky ReLU lets through, where a mask lets through all or nothing."""
    where = ast.Attribute(ast.Name("np", ast.Load()), "where", ast.Load())
    return ast.Call(where, [mask, ast.Constant(1), slope], [])


def _of_operation(node: ast.BinOp) -> Iterator[Slip]:
    left, right = node.left, node.right
    match node.op:
        case ast.Sub():
            yield "sign", ast.BinOp(right, ast.Sub(), left)
            yield "sign", ast.BinOp(left, ast.Add(), right)
            yield from (("term", left), ("term", right))
        case ast.Add():
            yield "sign", ast.BinOp(left, ast.Sub(), right)
            yield from (("term", left), ("term", right))
        case ast.Mult():
            yield from (("factor", fewer) for fewer in _first_factors(node))
            yield "factor", right
            yield "factor", ast.BinOp(left, ast.Div(), right)
        case ast.Div():
            yield "factor", left
            yield "factor", ast.BinOp(left, ast.Mult(), right)
        case ast.MatMult():
            yield "order of factors", ast.BinOp(right, ast.MatMult(), left)
        case ast.Pow():
            yield "power", left


def _first_factors(product: ast.BinOp) -> Iterator[ast.expr]:
    """A product without its last factor, its last two, and so on: ``G * P`` and ``G`` of ``G * P * (1 - P)``."""
    left: ast.expr = product
    while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mult):
        left = left.left
        yield left


def _of_call(node: ast.Call) -> Iterator[Slip]:
    match node.func:
        case ast.Attribute(value, name) if name in _AVERAGES:
            other = ast.Attribute(value, _AVERAGES[name], ast.Load())
            yield "sum or mean", ast.Call(other, node.args, node.keywords)
            named = {keyword.arg for keyword in node.keywords}
            kept = ast.keyword("keepdims", ast.Constant(True))
            if "axis" not in named:
                for axis in (0, 1):
                    along = ast.keyword("axis", ast.Constant(axis))
                    yield "axis", ast.Call(node.func, node.args, [*node.keywords, along])
                    yield "axis", ast.Call(node.func, node.args, [*node.keywords, along, kept])
            elif "keepdims" not in named:
                yield "axis", ast.Call(node.func, node.args, [*node.keywords, kept])
        case ast.Attribute(value, name) if name in _REARRANGED:
            yield "transpose" if name in TURNED else "call", value
        case ast.Attribute(ast.Name(), name) if name in _RUNNING and len(node.args) == 1:
            yield from _from_the_end(node)
    for place, keyword in enumerate(node.keywords):
        if keyword.arg == "axis":
            others = [*node.keywords[:place], *node.keywords[place + 1 :]]
            yield "axis", ast.Call(node.func, node.args, others)
    if len(node.args) == 2:
        yield "order of factors", ast.Call(node.func, node.args[::-1], node.keywords)
    formulas = [argument for argument in node.args if not isinstance(argument, ast.Constant)]
    if not node.keywords and len(formulas) == 1 and len(node.args) <= 2:
        yield "call", formulas[0]


def _from_the_end(node: ast.Call) -> Iterator[Slip]:
    """What is added up from the other end, ``np.cumsum(a[::-1])[::-1]``, as the gradient of a running sum is."""
    match [keyword.value for keyword in node.keywords if keyword.arg == "axis"]:
        case []:
            whole = 0
        case [ast.Constant(value=int(axis))] if axis >= 0:
            whole = axis
        case _:
            return
    backwards = ast.Slice(step=ast.UnaryOp(ast.USub(), ast.Constant(1)))
    index = ast.Tuple([*(ast.Slice() for _ in range(whole)), backwards], ast.Load()) if whole else backwards
    turned = ast.Subscript(node.args[0], index, ast.Load())
    yield "call", ast.Subscript(ast.Call(node.func, [turned], node.keywords), index, ast.Load())


def _of_number(value: float) -> Iterator[Slip]:
    others = [0, 1, 2, value + 1, value - 1, 2 * value, value / 2]
    for other in dict.fromkeys(others):
        if other != value:
            yield "number", ast.Constant(other)


def _of_subscript(node: ast.Subscript, known: InScope) -> Iterator[Slip]:
    if isinstance(node.ctx, ast.Load) and not (
        isinstance(node.value, ast.Attribute) and node.value.attr in _STACKS
    ):
        yield "part", node.value
    axes = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for place, axis in enumerate(axes):
        for part in _other_ends(axis):
            parts = [*axes[:place], part, *axes[place + 1 :]]
            whole = ast.Tuple(parts, ast.Load()) if isinstance(node.slice, ast.Tuple) else part
            yield "slice", ast.Subscript(node.value, whole, node.ctx)
    match node.slice:
        case ast.Constant(value=str(key)):
            for other in known.keys:
                if other != key:
                    yield "name", ast.Subscript(node.value, ast.Constant(other), node.ctx)
        case ast.Name() | ast.BinOp() as index:
            yield from (("index", ast.Subscript(node.value, moved, node.ctx)) for moved in _beside(index))
        case ast.Tuple(elts=axes):
            for place, axis in enumerate(axes):
                for moved in _beside(axis) if isinstance(axis, ast.Name | ast.BinOp) else ():
                    those = ast.Tuple([*axes[:place], moved, *axes[place + 1 :]], ast.Load())
                    yield "index", ast.Subscript(node.value, those, node.ctx)


def _other_ends(axis: ast.expr) -> Iterator[ast.expr]:
    """A part of an axis that is left out at the other end: ``[1:]`` for ``[:-1]``, ``[k:]`` for ``[:k]``."""
    match axis:
        case ast.Slice(lower=None, upper=ast.expr() as upper, step=None):
            back = upper.operand if isinstance(upper, ast.UnaryOp) else ast.UnaryOp(ast.USub(), upper)
            yield from (ast.Slice(upper, None), ast.Slice(back, None))
        case ast.Slice(lower=ast.expr() as lower, upper=None, step=None):
            back = lower.operand if isinstance(lower, ast.UnaryOp) else ast.UnaryOp(ast.USub(), lower)
            yield from (ast.Slice(None, lower), ast.Slice(None, back))


def _sizes(known: InScope) -> Iterator[ast.expr]:
    """What a number may be that stands for how many samples there are."""
    for name in known.arguments:
        for form in ("len({})", "{}.shape[0]", "{}.shape[1]"):
            yield ast.parse(form.format(name), mode="eval").body


def _beside(index: ast.expr) -> Iterator[ast.expr]:
    """What lies one further, and one before."""
    for operator in (ast.Add(), ast.Sub()):
        yield ast.BinOp(index, operator, ast.Constant(1))


def _of_name(node: ast.expr, known: InScope) -> Iterator[Slip]:
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            others = known.functions if name in known.functions else known.names
            for other in others:
                if other != name and (other not in known.counters or name in known.counters):
                    yield "name", ast.Name(other, ast.Load())
            if name not in known.functions:
                yield from (("name", own) for own in _own_attributes(known))
        case ast.Attribute(value, attr, ast.Load()):
            for other in known.attributes.get(ast.unparse(value), ()):
                if other != attr:
                    yield "name", ast.Attribute(value, other, ast.Load())
            for owner, its in known.attributes.items():
                if isinstance(value, ast.Name) and owner != value.id and attr in its:
                    yield "name", ast.Attribute(ast.Name(owner, ast.Load()), attr, ast.Load())
            if isinstance(value, ast.Name) and value.id in OBJECTS:
                plain = (other for other in known.names if other not in known.counters)
                yield from (("name", ast.Name(other, ast.Load())) for other in plain)


def _own_attributes(known: InScope) -> Iterator[ast.expr]:
    """What an object keeps, in its own methods."""
    for owner in OBJECTS:
        for attr in known.attributes.get(owner, ()):
            yield ast.Attribute(ast.Name(owner, ast.Load()), attr, ast.Load())


def _alike_in_a_library(node: ast.expr) -> Iterator[Slip]:
    """Functions of NumPy that are taken for one another."""
    match node:
        case ast.Attribute(value, attr, ast.Load()):
            others = (other for alike in _TAKEN_FOR_ANOTHER if attr in alike for other in alike)
            yield from (
                ("call", ast.Attribute(value, other, ast.Load())) for other in others if other != attr
            )


def _is_of_a_library(node: ast.expr) -> bool:
    """Whether it is NumPy, or a function of it."""
    match node:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id=name)):
            return name in LIBRARIES
    return False


def _may_be_a_matrix(node: ast.expr) -> bool:
    match node:
        case ast.Name(ctx=ast.Load()) | ast.Attribute(ctx=ast.Load()) | ast.Subscript(ctx=ast.Load()):
            return not (isinstance(node, ast.Attribute) and node.attr == "T")
        case ast.BinOp(op=ast.MatMult()):
            return True
    return False
