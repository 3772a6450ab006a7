"""What must hold of an adapter before its gradient is held against its cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainrule.errors import CheckError
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.made_shapes import MadeShapes, contradicts


class OtherShapesError(CheckError):
    """An array is made in another shape by the file than in the layout that is tried."""


def require_made_shapes(
    program: LocalProgram, made: MadeShapes, names: Sequence[str], *, with_data: bool
) -> None:
    """A layout in which the file makes no parameters tells nothing: what is wrong of a column may be right of a vector.

    Args:
        program: what the adapter declares.
        made: the shapes in which the file makes its arrays.
        names: what its parameters are called; an array by itself has no other name.
        with_data: whether inputs and labels, too, must be as the file makes them. Beside a net with one output labels
            in another number of axes are spread out.

    Raises:
        OtherShapesError: an array has another shape.
    """
    given = program.describe()
    called = names if len(names) == len(given.names) == 1 else given.names
    arrays = [*zip(called, given.arrays, strict=True)]
    if with_data:
        data = zip(given.data_names, given.data, strict=True)
        arrays += [(name, value) for name, value in data if isinstance(value, np.ndarray)]
    for name, array in arrays:
        if contradicts(made, name, array.shape):
            raise OtherShapesError(f"{name} is {array.shape} in it, and made in another shape by the file")


def require_stateless(program: LocalProgram) -> None:
    """A recurrent net whose state goes on from call to call is not called as it should be.

    Raises:
        CheckError: its cost is another one the second time.
    """
    given = program.describe()
    if program.cost(given.arrays, given.data) != program.cost(given.arrays, given.data):
        raise CheckError("the cost: changes from call to call, as the state of the net goes on")
