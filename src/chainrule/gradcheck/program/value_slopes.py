"""What the gradient is with another value of a statement, without a run for each: it is a linear function of what comes
back on the way, so a run for each entry of the value tells what it is with all others."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.change import NodePlace, SmallChange
from chainrule.gradcheck.program.earlier_versions import copied
from chainrule.gradcheck.program.wrapping import PROBE

_MOST_ENTRIES = 200
"""A value of more is not moved entry by entry."""

_TRIED = 8
"""Other values with which it is tried whether derivatives tell what comes of them."""

_LINEAR = 1e-7
_FACTORS = (1.0, 2.0, -1.0)
"""A function that is as much off for each of them is none of a rectifier, or of a square."""


class FlatValue(NamedTuple):
    """The numbers of a value, of several arrays one behind the other, and how they were laid out."""

    layout: Hashable
    numbers: Array


class StatementValue(NamedTuple):
    """What a statement takes the value of."""

    statement: ast.Assign | ast.AugAssign | ast.Return
    value: FlatValue


def flat(value: Any) -> FlatValue | None:
    """The numbers of a value; None where it holds anything but finite ones with a fraction, or too many.

    >>> flat((np.ones(2), {"b": 3.0}))
    FlatValue(layout=('tuple', ((2,), ('dict', ('b',), ((),)))), numbers=array([1., 1., 3.]))
    """
    match value:
        case tuple() | list() | dict():
            parts = [flat(each) for each in (value.values() if isinstance(value, dict) else value)]
            known = [part for part in parts if part is not None]
            if not known or len(known) < len(parts):
                return None
            names = (tuple(map(str, value)),) if isinstance(value, dict) else ()
            layout = (type(value).__name__, *names, tuple(part.layout for part in known))
            numbers = np.concatenate([part.numbers for part in known])
            return FlatValue(layout, numbers) if len(numbers) <= _MOST_ENTRIES else None
        case float() | np.floating() | np.ndarray():
            array = np.asarray(value)
            if array.dtype.kind == "f" and array.size <= _MOST_ENTRIES and np.isfinite(array).all():
                return FlatValue(array.shape, array.astype(float).reshape(-1))
    return None


class ValueSlopes:
    """How a number of the gradient answers to the values of statements, each of which is run once.

    Args:
        statements: these, with what they give.
        run: runs the gradient, and gives a number of it; not a number where the code does not bear what is put there.
        plain: what it gives as things stand.
    """

    def __init__(self, statements: Sequence[StatementValue], run: Callable[[], float], plain: float) -> None:
        self._statements, self._run, self._plain = statements, run, plain
        self._moved = -1
        self._by = np.zeros(0)

    def change(self) -> SmallChange:
        """The piece of source with each of the values looked at, by the constant ``PROBE``."""
        places = [NodePlace(each.statement, "value") for each in self._statements]
        looks = [
            ast.copy_location(
                ast.Call(ast.Constant(PROBE), [ast.Constant(number), copied(place.get())], []), place.get()
            )
            for number, place in enumerate(places)
        ]
        puts = tuple(zip(places, looks, strict=True))
        return SmallChange("statement", self._statements[0].statement, puts, ())

    def look(self, number: int, value: Any) -> Any:
        """What is called with each value, and gives what takes its place."""
        return value if number != self._moved else _moved(value, iter(self._by))

    def of(self, number: int) -> Array | None:
        """The derivatives by the entries of the value of a statement (n,), by its place; None where what follows is no
        linear function of it."""
        size = self._statements[number].value.numbers.size
        way = np.random.default_rng(7).standard_normal(size)
        along = [(self._with(number, factor * way) - self._plain) / factor for factor in _FACTORS]
        slack = _LINEAR * abs(along[0]) + 1e-12 * abs(self._plain)
        if not np.ptp(along) <= slack:
            return None
        slopes = np.array([self._with(number, unit) - self._plain for unit in np.eye(size)])
        return slopes if abs(slopes @ way - along[0]) <= slack else None

    def tells(self, number: int, slopes: Array, others: Sequence[Array]) -> bool:
        """Whether the derivatives tell what runs give with some other values of a statement, from the nearest to the
        farthest: behind a bound, which lies further out than these were taken, they do not."""
        own = self._statements[number].value.numbers
        moves = sorted((other - own for other in others), key=lambda move: float(np.linalg.norm(move)))
        tried = [moves[at] for at in np.linspace(0, len(moves) - 1, min(len(moves), _TRIED)).astype(int)]
        given = [(self._with(number, move) - self._plain, float(slopes @ move)) for move in tried]
        return all(abs(its - told) <= _LINEAR * abs(told) + 1e-12 * abs(self._plain) for its, told in given)

    def _with(self, number: int, by: Array) -> float:
        """What a run gives with a value moved."""
        self._moved, self._by = number, by
        try:
            return self._run()
        finally:
            self._moved = -1


def _moved(value: Any, by: Iterator[float]) -> Any:
    """A value with its numbers moved, one after the other."""
    match value:
        case dict():
            return {key: _moved(each, by) for key, each in value.items()}
        case tuple() | list():
            parts = [_moved(each, by) for each in value]
            return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
        case np.ndarray():
            return value + np.array([next(by) for _ in range(value.size)]).reshape(value.shape)
    return value + next(by)
