"""A gradient against another program's cost: parameters, data and cost are of the reference, nothing else is asked of
the program that is checked than its gradient.

Which of the reference's parameters is which of the checked program's is told by name, else by place; which of its
data, by what they are (inputs, labels, l2), else by name, else by place. The checked gradient is asked at the sizes of
the reference; its own may be others, where each of them stands for one of the reference throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.program.interface import (
    Arrays,
    Changes,
    Data,
    Description,
    FunctionName,
    NamedStatement,
    Patch,
    Program,
    Quotient,
    Replacement,
    Returned,
    SourceLine,
    WatchedValue,
)
from chainrule.gradcheck.program.names import plain_name
from chainrule.gradcheck.program.roles import find_roles
from chainrule.gradcheck.result import TextEdit


class Against:
    """Two programs as one :class:`chainrule.gradcheck.program.interface.Program`.

    Parameters have the names and the order of the checked program, data those of the reference.

    Args:
        reference: whose cost, data and parameters count.
        checked: whose gradient is checked.
        name: what the reference is called in errors.

    Raises:
        CheckError: their parameters or their data are not the same.
    """

    def __init__(self, reference: Program, checked: Program, name: str) -> None:
        self._reference, self._checked = reference, checked
        wanted, own = reference.describe(), checked.describe()
        self._places = _parameter_places(wanted, own, name)
        self._data_places = _data_places(wanted, own, name)
        _require_sizes(self._shapes(wanted, own), name)
        self._description = Description(
            names=own.names,
            arrays=[wanted.arrays[place] for place in self._places],
            data=wanted.data,
            data_names=wanted.data_names,
            has_numeric=False,
            has_update=False,
            numeric_step=None,
        )

    def describe(self) -> Description:
        return self._description

    def cost(self, arrays: Arrays, data: Data, changes: Changes = ()) -> complex:
        # A patch is one of the checked program's, whose cost does not count.
        if changes and isinstance(changes[0], Patch):
            changes = ()
        return self._reference.cost(self._of_reference(arrays), data, changes)

    def costs(self, arrays: Arrays, data: Data, leaf: int, entries: Array, steps: Array) -> Array:
        return self._reference.costs(self._of_reference(arrays), data, self._places[leaf], entries, steps)

    def costs_along(self, arrays: Arrays, data: Data, leaf: int, ways: Array, steps: Array) -> Array:
        return self._reference.costs_along(self._of_reference(arrays), data, self._places[leaf], ways, steps)

    def along(self, arrays: Arrays, data: Data, direction: Arrays, steps: Array) -> Array:
        return self._reference.along(self._of_reference(arrays), data, self._of_reference(direction), steps)

    def gradient(
        self,
        arrays: Arrays,
        data: Data,
        changes: Changes = (),
        function: FunctionName = "gradient",
    ) -> Returned:
        return self._checked.gradient(arrays, self._of_checked(data), changes, function)

    def projections(
        self,
        arrays: Arrays,
        data: Data,
        weights: Arrays,
        every: Sequence[Changes],
        order: Sequence[int] | None = None,
    ) -> Array:
        return self._checked.projections(arrays, self._of_checked(data), weights, every, order)

    def update(self, arrays: Arrays, gradient: Arrays, rate: float) -> list[Array]:
        return self._checked.update(arrays, gradient, rate)

    def cost_calls(self, arrays: Arrays, data: Data) -> int:
        return self._checked.cost_calls(arrays, self._of_checked(data))

    def quotient(self) -> Quotient | None:
        return self._checked.quotient()

    def trace(
        self,
        arrays: Arrays,
        data: Data,
        function: FunctionName = "gradient",
        uses: bool = False,
        replacements: Sequence[Replacement] = (),
    ) -> list[WatchedValue]:
        if function == "cost":
            return self._reference.trace(self._of_reference(arrays), data, function, uses, replacements)
        return self._checked.trace(arrays, self._of_checked(data), function, uses, replacements)

    def statements(self) -> list[NamedStatement]:
        return [*self._reference.statements(), *self._checked.statements()]

    def slopes(
        self, arrays: Arrays, data: Data, ways: Sequence[Replacement], held: Sequence[Replacement] = ()
    ) -> Array:
        moved = [way if way.site else way._replace(occurrence=self._places[way.occurrence]) for way in ways]
        return self._reference.slopes(self._of_reference(arrays), data, moved, held)

    def patches(
        self,
        arrays: Arrays,
        data: Data,
        line: SourceLine | None = None,
        additions: bool = False,
        function: FunctionName = "gradient",
    ) -> list[Patch]:
        return self._checked.patches(arrays, self._of_checked(data), line, additions, function)

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
        return self._checked.fitting(arrays, self._of_checked(data), line, ways, wanted, order, held)

    def edits(self, patches: Sequence[Patch]) -> list[TextEdit]:
        return self._checked.edits(patches)

    def first_mutation(self, arrays: Arrays, data: Data) -> SourceLine | None:
        return self._checked.first_mutation(arrays, self._of_checked(data))

    def _of_reference(self, arrays: Arrays) -> list[Array]:
        """The parameters in the order of the reference."""
        return [arrays[self._places.index(place)] for place in range(len(self._places))]

    def _of_checked(self, data: Data) -> list[Any]:
        """The data in the order of the checked program."""
        return [data[place] for place in self._data_places]

    def _shapes(self, wanted: Description, own: Description) -> list[_Shapes]:
        """The shapes of all that both have."""
        parameters = zip(own.names, own.arrays, (wanted.arrays[p] for p in self._places), strict=True)
        names = [_data_name(own, i) for i in range(len(own.data))]
        data = zip(names, own.data, (wanted.data[p] for p in self._data_places), strict=True)
        return [
            _Shapes(name, np.shape(mine), np.shape(theirs)) for name, mine, theirs in [*parameters, *data]
        ]


class _Shapes(NamedTuple):
    """The shapes that a parameter or an argument has in the checked program and in the reference."""

    name: str
    own: tuple[int, ...]
    wanted: tuple[int, ...]


def _parameter_places(wanted: Description, own: Description, name: str) -> list[int]:
    """For each parameter of the checked program the place of the reference's."""
    theirs, mine = (list(map(plain_name, given.names)) for given in (wanted, own))
    if len(set(mine)) == len(mine) and sorted(mine) == sorted(theirs):
        return [theirs.index(name) for name in mine]
    if len(mine) != len(theirs):
        raise CheckError(
            f"its parameters are {', '.join(own.names)}, those of {name} are "
            f"{', '.join(wanted.names)}; both must have the same"
        )
    return list(range(len(mine)))


def _data_places(wanted: Description, own: Description, name: str) -> list[int]:
    """For each argument that the checked gradient takes beside the parameters the place of the reference's."""
    places = _by_role(wanted, own)
    theirs, mine = (
        {_data_name(given, i).casefold(): i for i in reversed(range(len(given.data)))}
        for given in (wanted, own)
    )
    for called, place in mine.items():
        if place not in places and called in theirs and theirs[called] not in places.values():
            places[place] = theirs[called]
    left = [i for i in range(len(own.data)) if i not in places]
    free = [i for i in range(len(wanted.data)) if i not in places.values()]
    if len(left) == len(free):
        places |= dict(zip(left, free, strict=True))
        return [places[i] for i in range(len(own.data))]
    lacking = ", ".join(_data_name(own, i) for i in left) or "nothing else"
    given = ", ".join(_data_name(wanted, i) for i in free) or "nothing else"
    raise CheckError(
        f"its gradient takes {lacking} where {name} has {given}; both must take the same "
        "arguments beside the parameters: say so in chainrule_check, data=(X, Y, ...)"
    )


def _by_role(wanted: Description, own: Description) -> dict[int, int]:
    """Inputs, labels and l2, where both programs' can be told."""
    theirs, mine = (find_roles(given.data, given.data_names) for given in (wanted, own))
    if theirs is None or mine is None:
        return {}
    places = {mine.inputs: theirs.inputs, mine.labels: theirs.labels}
    return places if mine.l2 is None or theirs.l2 is None else places | {mine.l2: theirs.l2}


def _data_name(given: Description, place: int) -> str:
    return given.data_names[place] if place < len(given.data_names) else f"argument {place + 1}"


def _require_sizes(shapes: Sequence[_Shapes], name: str) -> None:
    """Refuse programs whose arrays lie differently.

    Raises:
        CheckError: names the first that does.
    """
    others = [given for given in shapes if given.own != given.wanted]
    if not others:
        return
    fitting = all(len(given.own) == len(given.wanted) for given in shapes)
    sizes = [pair for given in shapes for pair in zip(given.own, given.wanted, strict=False)]
    if not fitting or len(set(sizes)) > len({own for own, _ in sizes}):
        array, own, wanted = others[0]
        raise CheckError(
            f"{array} is {_words(own)}, and {_words(wanted)} in {name}; arrays must lie the same way in both, and "
            f"sizes that differ must differ throughout: take those of {name}"
        )


def _words(shape: tuple[int, ...]) -> str:
    if len(shape) == 1:
        return f"a vector of {shape[0]}"
    return " x ".join(map(str, shape)) or "a number"
