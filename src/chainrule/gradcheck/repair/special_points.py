"""Whether what is right at some points may be so because these are special: a single sample or unit, sizes that are the
same. There an average is a sum, an axis is another, a number is a size, and a wrong change passes for a repair."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Patch

_WHOLE_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")
_SMALL = 2
"""Up to which numbers are meant as such: a square has a derivative of two."""

_SINGLE_ENTRIES = 3
"""So many matrices of one entry are layers of one unit, as two may be a weight and a bias of a single output."""


def why_special(points: Sequence[CheckedPoint]) -> str:
    """Why a change that is right at all of some points may not be right elsewhere; empty where nothing says so."""
    counts = {checked.point.variable.count(checked.point.data) for checked in points}
    point = points[0].point
    # Where inputs and labels are not told, an axis of one may be another than that of samples.
    if counts == {1} and point.roles is not None:
        return "the data are a single sample, of which a sum and a mean are the same"
    if _has_layers_of_one_unit(point.arrays):
        return "it was read as a net with layers of a single unit, in which axes cannot be told apart"
    matrices = [d for d in point.data if isinstance(d, np.ndarray) and d.ndim == 2 and d.dtype.kind == "f"]
    squares = [d for d in matrices if d.shape[0] == d.shape[1] > 1]
    if 0 in counts and squares and len(squares) == len(matrices):
        rows, columns = squares[0].shape
        return f"the data have {rows} rows and {columns} columns, and other numbers could not be tried"
    return ""


def writes_a_size(patches: Sequence[Patch], points: Sequence[CheckedPoint]) -> bool:
    """Whether changes write a number into a formula that is a size of the arrays wherever they were compared, so that
    with other sizes another number may be meant."""
    written = {
        int(number)
        for patch in patches
        if patch.kind in ("number", "scale")
        for number in set(_WHOLE_NUMBER.findall(patch.after)) - set(_WHOLE_NUMBER.findall(patch.line.text))
    }
    sizes = (
        {
            size
            for value in (*checked.point.arrays, *checked.point.data)
            if isinstance(value, np.ndarray)
            for size in value.shape
        }
        for checked in points
    )
    return any(number > _SMALL for number in written & set.intersection(*sizes))


def _has_layers_of_one_unit(parameters: Sequence[Array]) -> bool:
    """Whether weights lead to a single unit, and others from it."""
    shapes = [array.shape for array in parameters if array.ndim == 2]
    if any(min(shape) > 1 for shape in shapes):
        return False
    both_ways = any(shape[0] > 1 for shape in shapes) and any(shape[1] > 1 for shape in shapes)
    return both_ways or shapes.count((1, 1)) >= _SINGLE_ENTRIES
