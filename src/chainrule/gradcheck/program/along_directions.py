"""A program of few parameters made of one of many: how far each array is moved along directions that were drawn for it.

With V_k drawn for the parameter W, the new parameter t is that of W(t) = W + sum_k (t_k - 1) V_k, the given one at
t = 1, and dJ/dt_k = <dJ/dW, V_k>: a gradient that is wrong is wrong along almost every direction.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.interface import (
    Arrays,
    Changes,
    Data,
    Description,
    FunctionName,
    NamedStatement,
    Patch,
    Quotient,
    Replacement,
    Returned,
    SourceLine,
    WatchedValue,
)
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.result import TextEdit

_DIRECTIONS = 4
_SPREAD = 0.1


class AlongDirections:
    """A :class:`chainrule.gradcheck.program.interface.Program` whose parameters are vectors of 4, one for each of
    another program's.

    Args:
        given: that program, at the point about which its parameters are moved.
        rng: directions are drawn from it.
    """

    def __init__(self, given: Point, rng: np.random.Generator) -> None:
        self._given, self._program = given, given.program
        self._ways = [
            max(float(a.std()), _SPREAD) / _DIRECTIONS * rng.standard_normal((_DIRECTIONS, *a.shape))
            for a in given.arrays
        ]

    def describe(self) -> Description:
        steps = [np.ones(len(ways)) for ways in self._ways]
        return self._program.describe()._replace(arrays=steps, has_numeric=False, has_update=False)

    def cost(self, arrays: Arrays, data: Data, changes: Changes = ()) -> complex:
        return self._program.cost(self._moved(arrays), data, changes)

    def costs(self, arrays: Arrays, data: Data, leaf: int, entries: Array, steps: Array) -> Array:
        units = np.eye(len(arrays[leaf]))[entries]
        return self.costs_along(arrays, data, leaf, units, steps)

    def costs_along(self, arrays: Arrays, data: Data, leaf: int, ways: Array, steps: Array) -> Array:
        along = np.tensordot(ways, self._ways[leaf], 1)
        return self._program.costs_along(self._moved(arrays), data, leaf, along, steps)

    def along(self, arrays: Arrays, data: Data, direction: Arrays, steps: Array) -> Array:
        ways = [np.tensordot(t, ways, 1) for t, ways in zip(direction, self._ways, strict=True)]
        return self._program.along(self._moved(arrays), data, ways, steps)

    def gradient(
        self, arrays: Arrays, data: Data, changes: Changes = (), function: FunctionName = "gradient"
    ) -> Returned:
        at = self._given.with_arrays(self._moved(arrays)).with_data(data)
        returned = at.returned(changes, function)
        pairs = zip(self._ways, at.matched(returned), strict=True)
        along = [np.tensordot(ways, g, g.ndim) for ways, g in pairs]
        return Returned(list(at.names), along, [np.array(t) for t in arrays], returned.kind)

    def projections(
        self,
        arrays: Arrays,
        data: Data,
        weights: Arrays,
        every: Sequence[Changes],
        order: Sequence[int] | None = None,
    ) -> Array:
        along = [np.tensordot(w, ways, 1) for w, ways in zip(weights, self._ways, strict=True)]
        return self._program.projections(self._moved(arrays), data, along, every, self._given.order)

    def update(self, arrays: Arrays, gradient: Arrays, rate: float) -> list[Array]:
        return [t - rate * g for t, g in zip(arrays, gradient, strict=True)]

    def cost_calls(self, arrays: Arrays, data: Data) -> int:
        return self._program.cost_calls(self._moved(arrays), data)

    def quotient(self) -> Quotient | None:
        return self._program.quotient()

    def trace(
        self,
        arrays: Arrays,
        data: Data,
        function: FunctionName = "gradient",
        uses: bool = False,
        replacements: Sequence[Replacement] = (),
    ) -> list[WatchedValue]:
        return self._program.trace(self._moved(arrays), data, function, uses, replacements)

    def statements(self) -> list[NamedStatement]:
        return self._program.statements()

    def slopes(
        self, arrays: Arrays, data: Data, ways: Sequence[Replacement], held: Sequence[Replacement] = ()
    ) -> Array:
        moved = [way if way.site else self._of_parameter(way) for way in ways]
        return self._program.slopes(self._moved(arrays), data, moved, held)

    def patches(
        self,
        arrays: Arrays,
        data: Data,
        line: SourceLine | None = None,
        additions: bool = False,
        function: FunctionName = "gradient",
    ) -> list[Patch]:
        return self._program.patches(self._moved(arrays), data, line, additions, function)

    def fitting(
        self,
        arrays: Arrays,
        data: Data,
        line: SourceLine,
        ways: Sequence[Arrays],
        wanted: Sequence[Array],
        order: Sequence[int] | None = None,
        held: Sequence[Patch] = (),
    ) -> list[Patch]:
        own = [[np.tensordot(w, its, 1) for w, its in zip(way, self._ways, strict=True)] for way in ways]
        return self._program.fitting(self._moved(arrays), data, line, own, wanted, self._given.order, held)

    def edits(self, patches: Sequence[Patch]) -> list[TextEdit]:
        return self._program.edits(patches)

    def first_mutation(self, arrays: Arrays, data: Data) -> SourceLine | None:
        return self._program.first_mutation(self._moved(arrays), data)

    def _moved(self, arrays: Arrays) -> list[Array]:
        """The parameters after such steps."""
        every = zip(self._given.arrays, arrays, self._ways, strict=True)
        return [a + np.tensordot(t - 1, ways, 1) for a, t, ways in every]

    def _of_parameter(self, way: Replacement) -> Replacement:
        return way._replace(array=np.tensordot(way.array, self._ways[way.occurrence], 1))
