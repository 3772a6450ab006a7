"""Many changes of formulas looked at in one run of the user's code: which of them give what the formula gives that
stands there, which the same as another one, and which nothing at all. Of those that are alike one has to be run.

In front of each statement the formulas that may stand in it are worked out and forgotten. What comes of them is known
by its product with drawn numbers. In a loop, or a function that is called again, what is the same there may differ once
one of them is made; so of those that are alike some may be missed, and none is taken for what it is not.
"""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.change import NodePlace, SmallChange, bodies
from chainrule.gradcheck.program.earlier_versions import copied
from chainrule.gradcheck.program.slips import LIBRARIES
from chainrule.gradcheck.program.value_slopes import FlatValue, StatementValue, flat
from chainrule.gradcheck.program.wrapping import PROBE

FAILS, CHANGES_NOTHING = "fails", "changes nothing"
"""What may be known of a change before it is run."""

_IN_PLACE = frozenset(
    {"at", "put", "place", "putmask", "copyto", "fill_diagonal", "shuffle", "pop", "append"}
)
_VIEWS = frozenset(
    {"T", "reshape", "transpose", "ravel", "squeeze", "swapaxes", "copy", "asarray", "array", "atleast_2d"}
)
"""What gives the array itself, or tells it from one that is changed later."""


class _Formula(NamedTuple):
    """What a statement takes the value of, as it is or with a change.

    Attributes:
        number: of the change; of what stands there, one below 0.
        statement: it.
        value: a copy of the formula.
    """

    number: int
    statement: ast.Assign | ast.AugAssign | ast.Return
    value: ast.expr

    @property
    def may_be_shared(self) -> bool:
        """Whether its value may be an array that is known by another name as well, or that stands for being none."""
        match self.value:
            case ast.BinOp() | ast.UnaryOp() | ast.Compare() | ast.Constant():
                return False
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)) if name in LIBRARIES:
                return attr in _VIEWS
        return True

    def looked_at(self) -> ast.stmt:
        """The statement that works it out."""
        told = ast.Constant(self.number)
        failed = ast.ExceptHandler(ast.Name("Exception", ast.Load()), None, [_probed(told)])
        return ast.copy_location(ast.Try([_probed(told, self.value)], [failed], [], []), self.statement)


class FormulaValues:
    """What changes of a piece of source give, once it has run.

    Args:
        unit: the piece.
        changes: by the number that each is known by, from 0.
    """

    def __init__(self, unit: ast.stmt, changes: Mapping[int, SmallChange]) -> None:
        places = {id(each): body for body in bodies(unit) for each in body.get()}
        self._formulas = list(_formulas(changes, places))
        self._places = places
        self._seen: dict[int, list[Hashable]] = {each.number: [] for each in self._formulas}
        self._first: dict[int, FlatValue | None] = {}

    def look(self, number: int, *value: object) -> None:
        """Called with the value of a formula, or without where it has none."""
        if value and number not in self._first:
            self._first[number] = flat(value[0])
        self._seen[number].append(_known_by(value[0]) if value else FAILS)

    def change(self) -> SmallChange | None:
        """The piece with all formulas in it, of which the constant ``PROBE`` is called; None where there are none."""
        if not self._formulas:
            return None
        looks: dict[int, list[ast.stmt]] = {}
        for formula in self._formulas:
            looks.setdefault(id(formula.statement), []).append(formula.looked_at())
        puts = []
        for body in {(id(b.parent), b.field): b for key in looks for b in [self._places[key]]}.values():
            longer = [each for statement in body.get() for each in (*looks.get(id(statement), ()), statement)]
            puts.append((body, longer))
        return SmallChange("statement", self._formulas[0].statement, tuple(puts), ())

    def keys(self) -> Iterator[tuple[int, Hashable]]:
        """The numbers of changes, each with what is the same for all that are alike. One that fails, but not the first
        time, is left to be run: with it, what it fails on may be another value by then."""
        given = {id(each.statement): each for each in self._formulas if each.number < 0}
        for formula in (each for each in self._formulas if each.number >= 0):
            seen, stands = self._seen[formula.number], given[id(formula.statement)]
            if not seen:
                continue
            if seen[0] == FAILS:
                yield formula.number, FAILS
            elif FAILS in seen or None in seen or formula.may_be_shared or stands.may_be_shared:
                continue
            elif seen == self._seen[stands.number]:
                yield formula.number, CHANGES_NOTHING
            else:
                yield formula.number, (id(formula.statement), *seen)

    def of_one_turn(self) -> Iterator[tuple[StatementValue, dict[int, Array]]]:
        """The statements that are run once, each with what the changes of it give that differ from one another, where
        that is laid out as what stands there: what they are made of is the same with them."""
        known = dict(self.keys())
        for stands in (each for each in self._formulas if each.number < 0):
            value = self._first.get(stands.number)
            if value is None or len(self._seen[stands.number]) != 1:
                continue
            own = [each.number for each in self._formulas if each.statement is stands.statement]
            others = [
                (number, self._first.get(number)) for number in own if isinstance(known.get(number), tuple)
            ]
            alike = {
                number: other.numbers for number, other in others if other and other.layout == value.layout
            }
            yield StatementValue(stands.statement, value), alike


def _formulas(changes: Mapping[int, SmallChange], places: Mapping[int, NodePlace]) -> Iterator[_Formula]:
    """Those that changes put where others stand, which come before them."""
    own: dict[int, set[int]] = {}
    for number, change in changes.items():
        statement = change.statement
        if id(statement) not in places or not isinstance(statement, ast.Assign | ast.AugAssign | ast.Return):
            continue
        if id(statement) not in own:
            stands = statement.value if statement.value and _leaves_all_alone(statement.value) else None
            own[id(statement)] = (
                {id(node) for node in ast.walk(stands) if node._attributes} if stands else set()
            )
            if stands:
                yield _Formula(-len(own), statement, copied(stands))
        inside = own[id(statement)]
        if inside and all(_is_within(place, statement, inside) for place, _ in change.puts):
            value = _changed(change, statement)
            if value is not None and _leaves_all_alone(value):
                yield _Formula(number, statement, value)


def _is_within(place: NodePlace, statement: ast.stmt, inside: set[int]) -> bool:
    return id(place.parent) in inside or (place.parent is statement and place.field == "value")


def _changed(change: SmallChange, statement: ast.Assign | ast.AugAssign | ast.Return) -> ast.expr | None:
    """A copy of what a statement takes the value of, with a change; None where that has no end."""
    undo = change.make()
    try:
        new: ast.expr = copied(statement.value)
    except RecursionError:
        return None
    finally:
        undo()
    return new


def _leaves_all_alone(formula: ast.expr) -> bool:
    """Whether nothing is seen in it that changes something, or draws numbers."""
    return not any(
        (isinstance(node, ast.Attribute) and (node.attr in _IN_PLACE or node.attr.startswith("rand")))
        or (isinstance(node, ast.keyword) and node.arg == "out")
        or isinstance(node, ast.NamedExpr | ast.Yield | ast.YieldFrom | ast.Await)
        for node in ast.walk(formula)
    )


def _probed(*told: ast.expr) -> ast.stmt:
    return ast.Expr(ast.Call(ast.Constant(PROBE), list(told), []))


def _known_by(value: Any) -> Hashable:
    """What tells a value from others; None where nothing does."""
    if isinstance(value, tuple | list):
        parts = tuple(map(_known_by, value))
        return None if None in parts else (type(value).__name__, parts)
    if isinstance(value, dict):
        known = _known_by(list(value.values()))
        return None if known is None else (tuple(map(str, value)), known)
    if not isinstance(value, np.ndarray | np.generic | int | float):
        return None
    array = np.asarray(value)
    if array.dtype.kind not in "biufc":
        return None
    return array.shape, array.dtype.kind, f"{_drawn(array.size) @ array.ravel():.10g}"


@lru_cache(maxsize=64)
def _drawn(count: int) -> Array:
    return np.random.default_rng(0).standard_normal(count)
