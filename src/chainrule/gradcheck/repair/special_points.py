"""Whether what is right at some points may be so because these are special: a single sample or unit, sizes that are the
same. There an average is a sum, an axis is another, a number is a size, and a wrong change passes for a repair."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Patch
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.repair.written_numbers import is_mean_of, is_size, written

_NAMED_SIZE = re.compile(r"len\((?P<of>\w+)\)|(?P<array>\w+)\.(?:shape\[(?P<axis>\d)\]|size\b)")
_SMALL = 2
"""Up to which sizes numbers are meant as such: a square has a derivative of two."""

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


def writes_a_size(patches: Sequence[Patch], sizes: Sequence[Collection[int]]) -> bool:
    """Whether changes write a number into a formula that is a size n of the arrays wherever they were compared, or the
    product of two, or 1/n, 2/n, 1/(2n), as a mean has: with other sizes another number may be meant.

    Args:
        patches: the changes.
        sizes: those of the arrays of each point at which they were compared (:func:`sizes_at`).
    """
    everywhere = set.intersection(*map(set, sizes))
    alone = [size for size in everywhere if size > _SMALL]
    products = [a * b for a, b in itertools.combinations_with_replacement(sorted(everywhere - {0, 1}), 2)]
    factors = [factor for patch in patches for factor in written(patch) if factor != _SMALL]
    return any(
        is_size(factor, size) or is_mean_of(factor, size) for factor in factors for size in alone
    ) or any(is_size(factor, size) for factor in factors for size in products if factor != 1 / _SMALL)


def names_an_equal_size(patches: Sequence[Patch], points: Sequence[Point]) -> bool:
    """Whether changes put a size into a formula that did not vary, where at every point at which they were compared one
    array has two axes of the same size: another one may be meant."""
    alike = set.intersection(*map(_equal_sizes, points))
    return bool(alike) and any(
        not _varies(match["of"] or match["array"], int(match["axis"] or 0), points)
        for patch in patches
        for match in _NAMED_SIZE.finditer(patch.after)
        if patch.after.count(match[0]) > patch.line.text.count(match[0])
    )


def _varies(name: str, axis: int, points: Sequence[Point]) -> bool:
    """Whether an argument has other sizes along an axis at some points."""
    names = points[0].program.describe().data_names
    place = names.index(name) if name in names else -1
    shapes = [np.shape(point.data[place])[axis : axis + 1] if place >= 0 else () for point in points]
    return len(set(shapes)) > 1


def _equal_sizes(point: Point) -> set[int]:
    """The sizes that an array of a point has along two axes."""
    shapes = [np.shape(value) for value in (*point.arrays, *point.data)]
    return {size for shape in shapes for size in shape if size > 1 and shape.count(size) > 1}


def sizes_at(point: Point) -> set[int]:
    """The sizes of all arrays of a point, along every axis, and the whole numbers of its data."""
    arrays = [value for value in (*point.arrays, *point.data) if isinstance(value, np.ndarray)]
    numbers = {value for value in point.data if isinstance(value, int) and not isinstance(value, bool)}
    return {size for array in arrays for size in array.shape} | numbers


def _has_layers_of_one_unit(parameters: Sequence[Array]) -> bool:
    """Whether weights lead to a single unit, and others from it."""
    shapes = [array.shape for array in parameters if array.ndim == 2]
    if any(min(shape) > 1 for shape in shapes):
        return False
    both_ways = any(shape[0] > 1 for shape in shapes) and any(shape[1] > 1 for shape in shapes)
    return both_ways or shapes.count((1, 1)) >= _SINGLE_ENTRIES
