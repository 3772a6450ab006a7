"""Two slips of one formula, undone together: two of its variables have changed places, or two signs, comparisons,
transposes or factors are the other way round. Alone, neither change mends anything."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Sequence

from chainrule.gradcheck.program.change import NodePlace, SmallChange
from chainrule.gradcheck.program.interface import PatchKind
from chainrule.gradcheck.program.places import of_formula
from chainrule.gradcheck.program.scope import OBJECTS
from chainrule.gradcheck.program.slips import LIBRARIES

_OFTEN_TWO: tuple[PatchKind, ...] = ("sign", "minus", "comparison", "transpose", "factor")
_MOST_OPERANDS, _MOST_OF_A_KIND = 8, 6


def exchanged_operands(statement: ast.stmt) -> Iterator[SmallChange]:
    """Two variables of a formula, each in the place of the other, wherever they stand in it."""
    by_text: dict[str, list[NodePlace]] = {}
    for place in of_formula(statement):
        if _is_operand(place):
            by_text.setdefault(ast.unparse(place.get()), []).append(place)
    for one, other in itertools.combinations(list(by_text.values())[:_MOST_OPERANDS], 2):
        if all(_are_apart(a.get(), b.get()) for a, b in itertools.product(one, other)):
            puts = [(place, other[0].get()) for place in one] + [(place, one[0].get()) for place in other]
            yield SmallChange("exchange", statement, tuple(puts), (statement,))


def both_undone(statement: ast.stmt, every: Sequence[SmallChange]) -> Iterator[SmallChange]:
    """Two changes of a statement's formula as one, where both can be made.

    Args:
        every: changes, of it among others.
    """
    own = [each for each in every if each.statement is statement and _is_of_a_formula(each)]
    by_kind = [[each for each in own if each.kind == kind] for kind in _OFTEN_TWO]
    few = [each for alike in by_kind for each in alike[:_MOST_OF_A_KIND]]
    for one, other in itertools.combinations(few, 2):
        in_order = _in_order(one, other)
        if in_order is not None:
            puts = tuple(put for each in in_order for put in each.puts)
            yield SmallChange(one.kind, statement, puts, (statement,))


def _is_operand(place: NodePlace) -> bool:
    """Whether a variable of a formula stands there: no library, no object for what it has, nothing that is called."""
    node = place.get()
    if place.field == "func" or not isinstance(getattr(node, "ctx", None), ast.Load):
        return False
    match node:
        case ast.Name(id=name):
            is_owner = isinstance(place.parent, ast.Attribute) and place.parent.attr != "T"
            return name not in {*LIBRARIES, *OBJECTS} and not is_owner
        case ast.Attribute(value=ast.Name(id=owner)):
            return owner in OBJECTS
        case ast.Subscript(slice=ast.Constant(value=str())):
            return True
    return False


def _is_of_a_formula(change: SmallChange) -> bool:
    (_, new), *others = change.puts
    return isinstance(new, ast.expr) and not others and not hasattr(change.statement, "body")


def _in_order(one: SmallChange, other: SmallChange) -> tuple[SmallChange, SmallChange] | None:
    """Two changes, the outer one first; None where the one puts away what the other changes."""
    for outer, inner in ((one, other), (other, one)):
        (place, new), (within, _) = outer.puts[0], inner.puts[0]
        if within == place:
            return None
        if _holds(place.get(), within.parent):
            return (outer, inner) if _holds(new, within.parent) else None
    return one, other


def _holds(node: ast.AST, inner: ast.AST) -> bool:
    return any(each is inner for each in ast.walk(node))


def _are_apart(one: ast.AST, other: ast.AST) -> bool:
    return not _holds(one, other) and not _holds(other, one)
