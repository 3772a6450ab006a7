"""A smaller problem of a large one, of which every entry can be compared: that of a few inputs, else that of steps
along a few directions, with short data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.numeric import directions
from chainrule.gradcheck.program.along_directions import AlongDirections
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.program.variable import find_variable

_INPUTS = 8
_SHORT = 3


class SmallerProblem(NamedTuple):
    """A problem that stands for a larger one.

    Attributes:
        point: it.
        words: what it is, for the reader.
        of_directions: its parameters are steps along directions.
    """

    point: Point
    words: str
    of_directions: bool = False


def smaller(at: Point, analytic: Sequence[Array], rng: np.random.Generator, *, right: bool) -> SmallerProblem:
    """The smaller problem of a large one.

    Args:
        at: the large one.
        analytic: its gradient.
        rng: inputs and directions are drawn from it.
        right: whether the gradient is right along directions.
    """
    return _of_few_inputs(at, analytic, rng) or _along_directions(at, rng, right)


def _along_directions(at: Point, rng: np.random.Generator, right: bool) -> SmallerProblem:
    """Steps along directions, with as little of the data as tell the same of the gradient."""
    short = at
    for size in sorted({n for value in at.data for n in np.shape(_array(value)) if n > _SHORT}, reverse=True):
        shorter = short.with_data([_cut(value, size) for value in short.data])
        if _is_right(shorter, rng) is right:
            short = shorter
    program = AlongDirections(short, rng)
    description = program.describe()
    # Which samples and classes are left may have changed.
    variable = find_variable(short.data, description.data_names, short.arrays, short.roles)
    arrays = tuple(description.arrays)
    point = replace(short, program=program, arrays=arrays, roles=None, variable=variable, order=None)
    return SmallerProblem(point, "", of_directions=True)


def _array(value: Any) -> Any:
    return value if isinstance(value, np.ndarray) else 0


def _cut(value: Any, size: int) -> Any:
    """An array with 3 in place of a size, along every axis that has it; else what it was."""
    if not isinstance(value, np.ndarray):
        return value
    return value[tuple(slice(_SHORT) if n == size else slice(None) for n in value.shape)]


def _is_right(at: Point, rng: np.random.Generator) -> bool | None:
    """Whether the gradient is right along a few directions; None where the program does not run."""
    try:
        at.cost()
        return directions.agree(at, at.gradient(), rng, directions.central_slope)
    except Exception:
        # Sizes may be written into the user's code.
        return None


def _of_few_inputs(at: Point, analytic: Sequence[Array], rng: np.random.Generator) -> SmallerProblem | None:
    """The problem with a few of its inputs only, the one with the largest error among them, and that in words; None
    where the user's code does not run on it."""
    roles = at.roles
    if roles is None or np.ndim(at.data[roles.inputs]) != 2:
        return None
    inputs = roles.x(at.data).shape[1]
    first = _first_layer(at.arrays, inputs)
    if first is None:
        return None
    leaf, axis = first
    worst_input = _worst_input(at, analytic, leaf, axis, inputs, rng)
    others = rng.permutation(np.delete(np.arange(inputs), worst_input))
    chosen = np.sort(np.append(others[: _INPUTS - 1], worst_input))
    fewer = list(at.data)
    fewer[roles.inputs] = np.take(np.asarray(at.data[roles.inputs]), chosen, axis=1 - roles.inputs_axis)
    kept = np.append(chosen, np.arange(inputs, at.arrays[leaf].shape[axis]))
    reduced = at.with_data(fewer).with_arrays(
        [np.take(a, kept, axis=axis) if i == leaf else a for i, a in enumerate(at.arrays)]
    )
    if directions.is_large(reduced):
        return None
    try:
        reduced.cost()
        reduced.returned()
    except Exception:
        # Sizes may be written into the user's code.
        return None
    return SmallerProblem(
        reduced, f"every entry was compared with {_INPUTS} of the {inputs} inputs, directions with all"
    )


def _first_layer(arrays: Sequence[Array], inputs: int) -> tuple[int, int] | None:
    """The one array that has an entry for each input, with or without one for the bias, and the axis it has them on."""
    for size in (inputs, inputs + 1):
        places = [(i, axis) for i, a in enumerate(arrays) for axis, n in enumerate(a.shape) if n == size]
        if len(places) == 1:
            return places[0]
    return None


def _worst_input(
    at: Point, analytic: Sequence[Array], leaf: int, axis: int, inputs: int, rng: np.random.Generator
) -> int:
    """The input whose weights' gradients are off most, by halving: each half along one drawn direction."""
    low, high = 0, inputs
    v = [np.zeros_like(a) for a in at.arrays]
    drawn = rng.standard_normal(at.arrays[leaf].shape)
    while high - low > 1:
        middle = (low + high) // 2
        gaps = []
        for part in (slice(low, middle), slice(middle, high)):
            where = (part,) if axis == 0 else (slice(None), part)
            v[leaf] = np.zeros_like(at.arrays[leaf])
            v[leaf][where] = drawn[where]
            slope, _ = directions.central_slope(at, v)
            gaps.append(abs(float(np.vdot(analytic[leaf], v[leaf])) - slope))
        low, high = (low, middle) if gaps[0] >= gaps[1] else (middle, high)
    return low
