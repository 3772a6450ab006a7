"""What may be missing from a formula: a term that is a product, the derivative of an activation, a sum over an axis, a
transpose; and another index, or two changes together.

There are too many of these for every line of a program; they are for one that is known to be wrong.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from chainrule.gradcheck.program.axis_orders import other_orders
from chainrule.gradcheck.program.change import IsRun, NodePlace, SmallChange, bodies
from chainrule.gradcheck.program.index_slips import computed_in, other_indices, other_slices
from chainrule.gradcheck.program.patches import changes
from chainrule.gradcheck.program.places import expressions
from chainrule.gradcheck.program.products import (
    filled,
    lines_of_operands,
    nearest_first,
    products,
    rows_taken,
    terms,
)
from chainrule.gradcheck.program.scope import OBJECTS, constants, counters, divisors_in
from chainrule.gradcheck.program.slips import LIBRARIES, Slip
from chainrule.gradcheck.program.statement_slips import (
    missing_behind,
    missing_counterpart,
    missing_use,
)
from chainrule.gradcheck.program.two_slips import both_undone

_MOST_OPERANDS, _MOST_FACTORS = 40, 24
_NO_OPERANDS = frozenset({"T", "shape", "size", "ndim", "dtype"})
_DERIVATIVES = ("{0} > 0", "{0} * (1 - {0})", "1 - {0} ** 2", "1 - {0}", "1 / (1 + np.exp(-{0}))", "np.exp({0})",
                "np.cos({0})", "2 * {0}")  # fmt: skip
"""Of ReLU, the sigmoid and tanh, by their inputs or outputs; what a gate lets through; of softplus, exponential, sine
and square."""

_FACTORS_ALONG = ("np.sum({}, axis=1, keepdims=True)", "np.sum({}, axis=0, keepdims=True)")
"""How many entries of a sample there are, as a hinge counts them."""

_DIVISORS = ("{0}.sum()", "len({0})", "{0}.size", "{0}.shape[0]", "{0}.shape[1]")
"""What a mean is taken of: all weights, or all entries."""

_SUMS = ("np.sum({}, axis=0)", "np.sum({}, axis=1)", "np.sum({}, axis=0, keepdims=True)",
         "np.sum({}, axis=1, keepdims=True)", "np.sum({})")  # fmt: skip


def added(
    unit: ast.stmt, around: ast.AST, is_run: IsRun, module: Sequence[ast.stmt] = ()
) -> Iterator[SmallChange]:
    """What may be missing from the formulas of those statements within one that are run, or stand elsewhere in them;
    ``around``: the class that it belongs to, or itself; ``module``: what the file has at its top level."""
    named = [each for each in constants(module) if isinstance(each, ast.Name)]
    every, counted = [*operands(unit, around), *named], counters(unit)
    divisors = [*divisors_in(unit).values()]
    indices, single = [*_indices(unit).values()], [*_single_indices(unit, every).values()]
    lines, computed = lines_of_operands(unit), computed_in(unit)
    slips = changes(unit, around, is_run, module, thorough=True)
    places = [(body, each) for body in bodies(unit) for each in body.get() if is_run(each)]
    for body, statement in places:
        gone = _left_over(unit, statement)
        usable = [each for each in every if ast.unparse(each) not in gone and not _counts(each, counted)]
        values = nearest_first(usable, statement, lines)
        yield from missing_behind(body, statement, values, indices)
        yield from missing_use(body, statement, values)
        yield from missing_counterpart(body, statement, single)
        if isinstance(statement, ast.Assign | ast.AugAssign | ast.Return) and statement.value is not None:
            yield from both_undone(statement, slips)
            among = [operand for operand in every if ast.unparse(operand) not in gone]
            for place, others in (
                *_additions_to(statement, values),
                *_of_indices(statement, among, computed, counted - gone),
                *_others_for(statement, values, divisors, indices),
            ):
                for kind, new in others:
                    yield SmallChange(kind, statement, ((place, new),), (statement,))


def _counts(operand: ast.expr, counted: frozenset[str]) -> bool:
    return isinstance(operand, ast.Name) and operand.id in counted


def _others_for(
    statement: ast.Assign | ast.AugAssign | ast.Return,
    values: list[ast.expr],
    divisors: list[ast.expr],
    indices: list[ast.expr],
) -> Iterator[tuple[NodePlace, Iterator[Slip]]]:
    """The places of a statement, and what else may be meant in each: a variable for all that is computed there, a
    product for the whole, a term that is one more, other rows of an array."""
    for place in expressions(statement):
        node = place.get()
        if isinstance(node, ast.BinOp | ast.Call | ast.Constant | ast.Subscript) and not _is_index(place):
            yield place, (("name", operand) for operand in values)
        if _is_divisor(place):
            yield (
                place,
                (("number", filled(form, value)) for value in values[:_MOST_FACTORS] for form in _DIVISORS),
            )
        if isinstance(place.parent, ast.Subscript) and place.field == "slice":
            yield place, rows_taken(node, indices)
    whole = NodePlace(statement, "value")
    if not isinstance(whole.get(), ast.Tuple | ast.List):
        yield whole, products(values)
        yield whole, terms(whole.get(), values, divisors)


def _is_divisor(place: NodePlace) -> bool:
    match place.parent:
        case ast.BinOp(op=ast.Div()):
            return place.field == "right"
        case ast.AugAssign(op=ast.Div()):
            return place.field == "value"
    return False


def _is_index(place: NodePlace) -> bool:
    return isinstance(place.parent, ast.Subscript) and place.field == "slice"


def _additions_to(
    statement: ast.Assign | ast.AugAssign | ast.Return, values: list[ast.expr]
) -> Iterator[tuple[NodePlace, Iterator[Slip]]]:
    """The places of a statement, and what may be meant in each."""
    for place in _values(statement):
        value = place.get()
        yield place, _missing_sums(value)
        yield place, _missing_factors(value, values)
    for place in expressions(statement):
        node = place.get()
        yield place, other_orders(node, place)
        yield place, _missing_call(node)


def _of_indices(
    statement: ast.stmt, among: list[ast.expr], computed: list[ast.expr], counted: frozenset[str]
) -> Iterator[tuple[NodePlace, Iterator[Slip]]]:
    """The indices of a statement, and what else each may be."""
    for place in filter(_is_index, expressions(statement)):
        yield place, other_indices(place.get(), computed, counted)
        yield place, other_slices(place.get(), among)


def _values(statement: ast.Assign | ast.AugAssign | ast.Return) -> Iterator[NodePlace]:
    """What a statement assigns or returns, each of several; and the parts of these formulas."""
    if isinstance(statement.value, ast.Tuple | ast.List):
        yield from (NodePlace(statement.value, "elts", i) for i in range(len(statement.value.elts)))
    else:
        yield NodePlace(statement, "value")
    for place in expressions(statement):
        match place.parent:
            case ast.Call() if place.field == "args":
                is_part = True
            case ast.Subscript(slice=ast.Tuple()) if place.field == "value":
                is_part = isinstance(place.get(), ast.Attribute | ast.Name) and isinstance(
                    place.parent.ctx, ast.Load
                )
            case _:
                is_part = isinstance(place.parent, ast.BinOp)
        if is_part and not isinstance(place.get(), ast.Constant):
            yield place


def operands(function: ast.AST, around: ast.AST) -> list[ast.expr]:
    """What a function's formulas are made of: its variables, attributes and items, each once; and at last what else an
    object keeps."""
    called = {id(node.func) for node in ast.walk(around) if isinstance(node, ast.Call)}
    found: dict[str, ast.expr] = {}
    for node in ast.walk(function):
        match node:
            case ast.arg(arg=name):
                found.setdefault(name, ast.Name(name, ast.Load()))
            case ast.Name(id=name) if name not in LIBRARIES and id(node) not in called:
                found.setdefault(name, ast.Name(name, ast.Load()))
            case ast.Attribute(value=ast.Name(id=owner), attr=attr):
                # What an object calls its size is a setting.
                is_setting = attr == "size" and owner in OBJECTS
                usable = is_setting or (owner not in LIBRARIES and attr not in _NO_OPERANDS)
                if usable and id(node) not in called:
                    found.setdefault(ast.unparse(node), ast.Attribute(node.value, attr, ast.Load()))
            case ast.Subscript(value=owner, slice=key) if _is_item(node):
                found.setdefault(ast.unparse(node), ast.Subscript(owner, key, ast.Load()))
    for node in ast.walk(around):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=attr) if owner in OBJECTS:
                if id(node) not in called:
                    found.setdefault(ast.unparse(node), ast.Attribute(node.value, attr, ast.Load()))
    keys = {key for node in ast.walk(function) for key in _keys(node)}
    for operand in list(found.values()):
        for other in _with_other_keys(operand, sorted(keys)):
            found.setdefault(ast.unparse(other), other)
    return list(found.values())[:_MOST_OPERANDS]


def _keys(node: ast.AST) -> Iterator[str]:
    """The texts by which something is read or put: a parameter that is not read may have a gradient that is given."""
    match node:
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            yield key
        case ast.Dict(keys=keys):
            yield from (
                key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
            )


def _with_other_keys(operand: ast.expr, keys: list[str]) -> Iterator[ast.expr]:
    """``net["gamma"][i]`` for ``net["W"][i]``."""
    match operand:
        case ast.Subscript(value=ast.Subscript(slice=ast.Constant(value=str())) as owner, slice=index):
            yield from (ast.Subscript(other, index, ast.Load()) for other in _with_other_keys(owner, keys))
        case ast.Subscript(value=owner, slice=ast.Constant(value=str())):
            yield from (ast.Subscript(owner, ast.Constant(key), ast.Load()) for key in keys)


def _is_item(node: ast.expr) -> bool:
    """Whether it is one of several things by its key or number, ``W[l - 1]``, ``net["gamma"][i]``."""
    match node:
        case ast.Name() | ast.Attribute(value=ast.Name()):
            return True
        case ast.Subscript(value=owner, slice=ast.Constant() | ast.Name() | ast.JoinedStr()):
            return _is_item(owner)
        case ast.Subscript(value=owner, slice=ast.BinOp(right=ast.Constant())):
            return _is_item(owner)
    return False


def _indices(unit: ast.AST) -> dict[str, ast.expr]:
    """By what arrays are indexed that has several parts or is computed, each once."""
    every = (node.slice for node in ast.walk(unit) if isinstance(node, ast.Subscript))
    return {ast.unparse(index): index for index in every if isinstance(index, ast.Tuple | ast.Compare)}


def _single_indices(unit: ast.AST, known: Sequence[ast.expr]) -> dict[str, ast.expr]:
    """By what single entries are taken, ``i`` and ``y[i]``, each once; and then by what else an object keeps,
    ``self.after[i]`` for ``self.before[i]``, what is not read there first."""
    every = (node.slice for node in ast.walk(unit) if isinstance(node, ast.Subscript))
    axes = [axis for index in every for axis in (index.elts if isinstance(index, ast.Tuple) else [index])]
    found: dict[str, ast.expr] = {
        ast.unparse(axis): axis for axis in axes if isinstance(axis, ast.Name | ast.Subscript)
    }
    for axis in list(found.values()):
        if not isinstance(axis, ast.Subscript):
            continue
        for other in reversed(known):
            if type(other) is type(axis.value) is ast.Attribute:
                alike = ast.Subscript(other, axis.slice, ast.Load())
                found.setdefault(ast.unparse(alike), alike)
    return found


def _left_over(unit: ast.AST, statement: ast.stmt) -> set[str]:
    """What counts in loops that a statement does not stand in: behind them it is no variable of a formula."""
    loops = [node for node in ast.walk(unit) if isinstance(node, ast.For)]
    outside = [loop for loop in loops if all(node is not statement for node in ast.walk(loop))]
    return {n.id for loop in outside for n in ast.walk(loop.target) if isinstance(n, ast.Name)}


def _missing_factors(value: ast.expr, among: list[ast.expr]) -> Iterator[Slip]:
    """A value with a factor more: the derivative of an activation, or something that is no plain variable."""
    for operand in among[:_MOST_FACTORS]:
        text = ast.unparse(operand)
        for derivative in _DERIVATIVES:
            factor = ast.parse(derivative.format(text), mode="eval").body
            yield "derivative", ast.BinOp(value, ast.Mult(), factor)
        # That a variable is a factor is a usual slip.
        if not isinstance(operand, ast.Name):
            yield "scale", ast.BinOp(value, ast.Mult(), operand)
        yield "scale", ast.BinOp(value, ast.Div(), operand)
        for along in _FACTORS_ALONG:
            yield "scale", ast.BinOp(value, ast.Mult(), ast.parse(along.format(text), mode="eval").body)
        for size in ("len({})", "{}.shape[0]", "{}.shape[1]"):
            divisor = ast.parse(size.format(text), mode="eval").body
            yield "scale", ast.BinOp(value, ast.Div(), divisor)


def _missing_call(node: ast.expr) -> Iterator[Slip]:
    """A value's exponential, as of the logarithm of probabilities."""
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield "name", ast.parse(f"np.exp({ast.unparse(node)})", mode="eval").body


def _missing_sums(value: ast.expr) -> Iterator[Slip]:
    """A value summed over an axis, its root or its square."""
    for form in (*_SUMS, "np.sqrt({})"):
        call = ast.parse(form.format("x"), mode="eval").body
        assert isinstance(call, ast.Call)
        call.args = [value]
        yield ("power" if "sqrt" in form else "axis"), call
    yield "power", ast.BinOp(value, ast.Pow(), ast.Constant(2))
