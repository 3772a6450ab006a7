"""A program at a point: with certain values for its parameters, and certain further arguments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.program.interface import (
    Changes,
    Description,
    FunctionName,
    Patch,
    Program,
    Returned,
    SourceLine,
)
from chainrule.gradcheck.program.leaves import Leaf, named_leaves
from chainrule.gradcheck.program.matching import in_order, in_shapes
from chainrule.gradcheck.program.roles import DataRoles, find_roles
from chainrule.gradcheck.program.variable import Variable, find_variable


@dataclass(frozen=True)
class Point:
    """A program at a point.

    Attributes:
        program: cost and gradient.
        names: of the parameters' leaves.
        arrays: the leaves.
        data: the further arguments.
        roles: what these are; None where inputs or labels cannot be told.
        variable: what of them can be changed.
        order: for each parameter the place of its gradient among those that come back; None where names or the
            parameters' own order say it.
    """

    program: Program
    names: tuple[str, ...]
    arrays: tuple[Array, ...]
    data: tuple[Any, ...]
    roles: DataRoles | None
    variable: Variable
    order: tuple[int, ...] | None = None

    @classmethod
    def of_program(cls, program: Program, description: Description) -> Point:
        """The point at which a program is given, in double precision.

        Raises:
            CheckError: there is nothing at it that a gradient could be wrong about.
        """
        if not any(array.size for array in description.arrays):
            raise CheckError("the parameters: have no entries; give arrays that are not empty")
        arrays = tuple(np.asarray(array, dtype=np.float64) for array in description.arrays)
        data, data_names = tuple(description.data), description.data_names
        roles = find_roles(data, data_names)
        variable = find_variable(data, data_names, arrays, roles)
        return cls(program, tuple(description.names), arrays, data, roles, variable)

    @property
    def leaves(self) -> list[Leaf]:
        """The parameters by name."""
        return named_leaves(self.names, self.arrays)

    @property
    def entries(self) -> int:
        """How many numbers the parameters hold."""
        return sum(array.size for array in self.arrays)

    @property
    def l2(self) -> float | None:
        """The factor of the penalty among the data; None where there is none."""
        return self.variable.l2_of(self.data)

    def with_arrays(self, arrays: Sequence[Array]) -> Point:
        """The same with other parameters; what is left of one of no axes by arithmetic is an array again."""
        return replace(self, arrays=tuple(map(np.asarray, arrays)))

    def ahead(self, direction: Sequence[Array], step: float) -> Point:
        """The same a step ahead along a direction."""
        return self.with_arrays([a + step * v for a, v in zip(self.arrays, direction, strict=True)])

    def with_data(self, data: Sequence[Any]) -> Point:
        """The same with other further arguments."""
        return replace(self, data=tuple(data))

    def require_time(self) -> None:
        """Ask something, so that a process whose time is up says so: elsewhere that may pass for a failure.

        Raises:
            TimeUpError: it is.
        """
        self.program.describe()

    def cost(self, changes: Changes = ()) -> float:
        """The cost J, with changes on the way."""
        return float(np.real(self.program.cost(self.arrays, self.data, changes)))

    def costs(self, leaf: int, entries: Array, steps: Array) -> Array:
        """J with each of some entries (flat) of a leaf moved by its step, (n,); complex where steps are."""
        return self.program.costs(self.arrays, self.data, leaf, entries, steps)

    def along(self, direction: Sequence[Array], steps: Array) -> Array:
        """J at so many steps along a direction, (n,); complex where steps are."""
        return self.program.along(self.arrays, self.data, direction, steps)

    def both_sides(self, direction: Sequence[Array], h: float) -> tuple[float, float]:
        """J a step h ahead along a direction, and a step behind."""
        ahead, behind = np.real(self.along(direction, np.array([h, -h])))
        return float(ahead), float(behind)

    def returned(self, changes: Changes = (), function: FunctionName = "gradient") -> Returned:
        """What the gradient gives back, in the parameters' order where that has been settled."""
        returned = self.program.gradient(self.arrays, self.data, changes, function)
        return self.in_order(returned) if function == "gradient" else returned

    def in_order(self, returned: Returned) -> Returned:
        """What came back from the program, in the parameters' order where that has been settled."""
        return in_order(self.names, returned, self.order)

    def gradient(self, changes: Changes = (), function: FunctionName = "gradient") -> list[Array]:
        """The gradient, one array in the shape of each parameter.

        Raises:
            CheckError: what comes back does not fit the parameters.
        """
        return self.matched(self.returned(changes, function))

    def matched(self, returned: Returned) -> list[Array]:
        """What came back, one array in the shape of each parameter.

        Raises:
            CheckError: it does not fit the parameters.
        """
        return in_shapes(self.names, self.arrays, returned)

    def projections(self, weights: Sequence[Array], every: Sequence[Changes]) -> Array:
        """What the gradient's entries times some weights add up to with each of many changes, (n,); not a number where
        these do not suit the code that follows."""
        return self.program.projections(self.arrays, self.data, weights, every, self.order)

    def fitting(
        self,
        line: SourceLine,
        ways: Sequence[Sequence[Array]],
        wanted: Sequence[Array],
        held: Sequence[Patch] = (),
    ) -> list[Patch]:
        """Other formulas for a line, with which what the gradient's entries times those of each way add up to is one of
        what is wanted (k,), which is not a number where it does not matter; with patches of other statements that are
        ``held``."""
        return self.program.fitting(self.arrays, self.data, line, ways, wanted, self.order, held)
