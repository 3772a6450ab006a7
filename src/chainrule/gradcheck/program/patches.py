"""Small changes of a user's source, each of which undoes a usual slip of a formula (:mod:`.slips`) or of statements: an
order, an assignment in the place of a sum, a line too many, a part of an array.

A change is made in the tree of the source, compiled, and taken back.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Any, get_args

from chainrule.gradcheck.program.axis_slips import other_axes
from chainrule.gradcheck.program.change import IsRun, NodePlace, SmallChange, bodies, exchanged
from chainrule.gradcheck.program.interface import PatchKind
from chainrule.gradcheck.program.parallel import in_parallel
from chainrule.gradcheck.program.places import expressions, in_indices
from chainrule.gradcheck.program.scope import InScope, known_in
from chainrule.gradcheck.program.size_slips import other_sizes
from chainrule.gradcheck.program.slips import TURNED, of_expression, of_value
from chainrule.gradcheck.program.statement_slips import (
    behind_loops,
    computed_before,
    exchanged_items,
    exchanged_parts,
    exchanged_targets,
    other_layers,
    put_back,
    summed_up,
)
from chainrule.gradcheck.program.two_slips import exchanged_operands

_MOVED_BY = 4
_OFTEN_TWICE = ("name", "axis", "term", "factor", "call", "sum or mean", "transpose", "sign")
_OF_EVERY_LAYER = ("axis", "sum or mean", "term", "factor", "call", "transpose", "sign")
_NUMBERED = re.compile(r"([A-Za-z_])\d+\b")
"""A name with the number of its layer, ``dW1``."""

_OF_AN_INDEX = ("number", "term", "sign", "factor")
_OTHER_OPERATORS: tuple[tuple[PatchKind, tuple[type[ast.operator], ...]], ...] = (
    ("sign", (ast.Add, ast.Sub)), ("factor", (ast.Mult, ast.Div)),
)  # fmt: skip
KINDS: tuple[PatchKind, ...] = get_args(PatchKind)
"""The likeliest first."""


def changes(
    unit: ast.stmt,
    around: ast.AST,
    is_run: IsRun,
    module: Sequence[ast.stmt] = (),
    *,
    thorough: bool = False,
) -> list[SmallChange]:
    """Every small change of a statement or of those within it that are run; where it is ``thorough``, with factors and
    terms of every part of a formula. ``module``: what the file has at its top level."""
    known = known_in(unit, around, module)
    every = [change for body in bodies(unit) for change in _of_body(body, known, is_run, unit)]
    every += [*exchanged_targets(unit, is_run), *put_back(unit, is_run), *behind_loops(unit, is_run)]
    if not isinstance(unit, ast.FunctionDef):
        every += _of_formulas(unit, known)
    if thorough:
        run = [statement for body in bodies(unit) for statement in body.get() if is_run(statement)]
        for statement in run:
            every += [*_of_parts(statement, known), *exchanged_items(statement)]
            every += exchanged_operands(statement)
        every += [change for body in bodies(unit) for change in in_parallel(every, body.get())]
    return _each_once([*every, *_alike(every)])


def _each_once(every: Sequence[SmallChange]) -> list[SmallChange]:
    """What is listed in two ways is made once; what can have no end never."""
    once: dict[tuple[object, ...], SmallChange] = {}
    for change in (change for change in every if not change.makes_endless):
        once.setdefault(change.key, change)
    return [*once.values()]


def _of_parts(statement: ast.stmt, known: InScope) -> Iterator[SmallChange]:
    """Factors and terms of what a formula is made of; not of an index, where one may be right for a single size."""
    indices = in_indices(statement)
    shown = () if hasattr(statement, "body") else (statement,)
    for place in expressions(statement):
        node = place.get()
        for size in other_sizes(node, known):
            yield SmallChange("number", statement, ((place, size),), shown)
        if _is_part(place, statement) and id(node) not in indices:
            for kind, new in of_value(node, known):
                yield SmallChange("sign" if kind == "minus" else kind, statement, ((place, new),), shown)


def _is_part(place: NodePlace, statement: ast.stmt) -> bool:
    """Whether an expression is an operand, one of them transposed, what is given, or one of several values."""
    is_operand = isinstance(place.parent, ast.BinOp) or getattr(place.parent, "attr", "") == "T"
    is_given = isinstance(place.parent, ast.Call) and place.field == "args"
    is_item = isinstance(place.parent, ast.Tuple) and place.parent is getattr(statement, "value", None)
    return is_operand or is_given or is_item


def _alike(every: Sequence[SmallChange]) -> Iterator[SmallChange]:
    """The same change of a formula wherever it can be made: a slip is often made twice, and for each layer."""
    same: dict[tuple[str, ...], list[SmallChange]] = {}
    for change in every:
        if change.kind in _OFTEN_TWICE and len(change.puts) == 1:
            place, new = change.puts[0]
            if isinstance(new, ast.expr):
                texts = ast.unparse(place.get()), ast.unparse(new)
                of_layers = tuple(_NUMBERED.sub(r"\1#", text) for text in texts)
                for key in dict.fromkeys((texts, of_layers) if change.kind in _OF_EVERY_LAYER else (texts,)):
                    same.setdefault((*key, change.kind), []).append(change)
    for every_one in same.values():
        group = [*{id(change.puts[0][0].get()): change for change in every_one}.values()]
        if len(group) > 1:
            puts = tuple(put for change in group for put in change.puts)
            shown = tuple({id(node): node for change in group for node in change.shown}.values())
            yield SmallChange(group[0].kind, group[0].statement, puts, shown)


def _of_body(body: NodePlace, known: InScope, is_run: IsRun, unit: ast.stmt) -> Iterator[SmallChange]:
    statements: list[ast.stmt] = body.get()
    for at, statement in enumerate(statements):
        # With another condition a while loop may never end.
        if is_run(statement) and not isinstance(statement, ast.While):
            place = NodePlace(body.parent, body.field, at)
            yield from _of_formulas(statement, known)
            yield from (
                SmallChange(kind, statement, ((place, ast.copy_location(new, statement)),), (new,))
                for kind, new in (*_of_statement(statement), *exchanged_parts(statement, unit))
            )
            yield from _moved(body, at)
            yield from computed_before(body, at)


def _of_formulas(statement: ast.stmt, known: InScope) -> Iterator[SmallChange]:
    """Changes of a single expression."""
    indices = in_indices(statement)
    for place in expressions(statement):
        node = place.get()
        for kind, new in of_expression(node, known):
            if _changes_a_global(place, new, known) or _is_of_an_array(place, new):
                continue
            shown = new if hasattr(statement, "body") else statement
            its = _of_an_index(node, kind) if id(node) in indices else _kind_at(place, kind)
            yield SmallChange(its, statement, ((place, new),), (shown,))
        if isinstance(place.parent, ast.keyword) and place.parent.arg == "axis":
            yield from (
                SmallChange("axis", statement, ((place, axis),), (statement,))
                for axis in other_axes(node, known)
            )
    if isinstance(statement, ast.Assign | ast.AugAssign | ast.Return) and statement.value is not None:
        value = NodePlace(statement, "value")
        yield from (
            SmallChange(kind, statement, ((value, new),), (statement,))
            for kind, new in of_value(statement.value, known)
        )


def _of_an_index(node: ast.expr, kind: PatchKind) -> PatchKind:
    """What is changed in an index: which one beside is meant, or which part altogether."""
    if kind not in _OF_AN_INDEX:
        return kind
    is_beside = kind == "number" or (isinstance(node, ast.BinOp) and isinstance(node.right, ast.Constant))
    return "index" if is_beside else "slice"


def _kind_at(place: NodePlace, kind: PatchKind) -> PatchKind:
    """What is changed, by what it is a part of: an exponent, a comparison, an axis, the axes of a transpose, an operand
    of a matrix product."""
    match place.parent:
        case ast.BinOp(op=ast.Pow()) if place.field == "right":
            return "power"
        case ast.Compare() if kind == "name":
            return "comparison"
        case ast.keyword(arg="axis"):
            return "axis"
        case ast.Call(func=ast.Attribute(attr=attr)) if kind == "number" and attr in TURNED:
            return "transpose"
        case ast.Attribute(attr="T") | ast.BinOp(op=ast.MatMult()) if kind == "call":
            return "name"
    return kind


def _changes_a_global(place: NodePlace, new: ast.expr, known: InScope) -> bool:
    """Whether part of something that is not the function's own would be assigned to, and stay so."""
    is_target = isinstance(place.parent, ast.Subscript) and isinstance(place.parent.ctx, ast.Store)
    return is_target and place.field == "value" and isinstance(new, ast.Name) and new.id not in known.own


def _is_of_an_array(place: NodePlace, new: ast.expr) -> bool:
    """Whether what an object has is put where an object stands: ``self.data.data`` is the memory of an array."""
    is_owner = isinstance(place.parent, ast.Attribute) and isinstance(place.get(), ast.Name)
    return is_owner and isinstance(new, ast.Attribute)


def _of_statement(statement: ast.stmt) -> Iterator[tuple[PatchKind, ast.stmt]]:
    """Other statements that may have been meant."""
    match statement:
        case ast.Assign(targets=[ast.Name() | ast.Attribute() | ast.Subscript() as target], value=value):
            yield "accumulation", ast.AugAssign(target, ast.Add(), value)
            yield "assignment", ast.AugAssign(target, ast.Mult(), value)
        case ast.AugAssign(target=target, op=operator, value=value):
            for kind, others in _OTHER_OPERATORS:
                for other in others:
                    if type(operator) in others and other is not type(operator):
                        yield kind, ast.AugAssign(target, other(), value)
            yield "assignment", ast.Assign([target], value)
            yield from _of_a_part(statement)
            if isinstance(target, ast.Subscript) and isinstance(operator, ast.Add | ast.Sub):
                yield "every index", _at_every_index(target, operator, value)
        case ast.Return(value=ast.Tuple(elts=elements) | ast.List(elts=elements)):
            for swapped in exchanged(elements):
                yield "order of statements", ast.Return(ast.Tuple(swapped, ast.Load()))
    yield from summed_up(statement)
    yield from (("name", other) for other in other_layers(statement))
    if isinstance(statement, ast.Assign | ast.AugAssign | ast.Expr):
        yield "statement", ast.Pass()


def _at_every_index(target: ast.Subscript, operator: ast.operator, value: ast.expr) -> ast.stmt:
    """``np.add.at(dW, index, d)`` for ``dW[index] += d``, which counts an index once however often it is there."""
    name = "add" if isinstance(operator, ast.Add) else "subtract"
    index = target.slice
    if isinstance(index, ast.Tuple):
        index = ast.Tuple([_without_colon(each) for each in index.elts], ast.Load())
    (call,) = ast.parse(f"np.{name}.at(a, i, d)").body
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    call.value.args = [target.value, _without_colon(index), value]
    return call


def _without_colon(index: ast.expr) -> ast.expr:
    """A slice as an object."""
    if not isinstance(index, ast.Slice):
        return index
    ends = [end or ast.Constant(None) for end in (index.lower, index.upper, index.step)]
    return ast.Call(ast.Name("slice", ast.Load()), ends, [])


def _of_a_part(statement: ast.AugAssign) -> Iterator[tuple[PatchKind, ast.stmt]]:
    """What is added, added to a part: all but the first column, as biases stand there, or the first row; or but the
    last."""
    if not isinstance(statement.target, ast.Name | ast.Attribute):
        return
    for part in ("[:, 1:]", "[1:]", "[:, :-1]", "[:-1]"):
        for inner in ast.walk(statement.value):
            if isinstance(inner, ast.Name | ast.Attribute) and isinstance(inner.ctx, ast.Load):
                yield "part", _with_part(statement, inner, part)


def _with_part(statement: ast.AugAssign, inner: ast.expr, part: str) -> ast.stmt:
    """The statement with a part of its target, and of something that is added."""
    whole, target = ast.unparse(inner), ast.unparse(statement.target)
    value: ast.expr = _Parts(whole, part).visit(ast.parse(ast.unparse(statement.value), mode="eval").body)
    (changed,) = ast.parse(f"{target}{part} += 0").body
    assert isinstance(changed, ast.AugAssign)
    return ast.AugAssign(changed.target, statement.op, value)


class _Parts(ast.NodeTransformer):
    """Puts a part of something in its place."""

    def __init__(self, whole: str, part: str) -> None:
        self._whole, self._part = whole, ast.parse(f"({whole}){part}", mode="eval").body

    def visit(self, node: ast.AST) -> Any:
        is_it = isinstance(node, ast.expr) and ast.unparse(node) == self._whole
        return self._part if is_it else self.generic_visit(node)


def _moved(body: NodePlace, at: int) -> Iterator[SmallChange]:
    """A statement further down, or at the end of the loop in front of it."""
    statements: list[ast.stmt] = body.get()
    statement, rest = statements[at], [*statements[:at], *statements[at + 1 :]]
    for to in range(at + 1, min(at + 1 + _MOVED_BY, len(statements))):
        passed = [*rest[:to], statement, *rest[to:]]
        yield SmallChange("order of statements", statement, ((body, passed),), tuple(passed[at : to + 1]))
    before = statements[at - 1] if at else None
    if isinstance(before, ast.For) and not isinstance(statement, ast.Return):
        longer = [*before.body, statement]
        puts = ((NodePlace(before, "body"), longer), (body, rest))
        yield SmallChange("order of statements", statement, puts, ())
