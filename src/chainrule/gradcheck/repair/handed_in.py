"""The numbers and arrays that functions of this process are handed in, or that their objects hold, and copies of all
with others."""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator, Sequence
from types import MethodType, ModuleType
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.leaves import is_own_object
from chainrule.gradcheck.program.names import training_setting
from chainrule.gradcheck.program.number_names import another_number

_LONGEST = 4
"""In a longer list of numbers each is an entry of the data, and no setting."""

_SPREAD = 0.1

_Path = tuple[Any, ...]
"""Where something stands: a place among what was handed in, then keys, indices and names of attributes."""


class HandedNumber(NamedTuple):
    """A number that was handed in, and where it stands."""

    name: str
    value: float
    way: _Path


class HandedAxis(NamedTuple):
    """An axis of an array that was handed in: how many entries it has, and where the array stands."""

    value: int
    axis: int
    way: _Path


HandedPart = HandedNumber | HandedAxis


def numbers_of(values: Sequence[Any], names: Sequence[str]) -> list[HandedNumber]:
    """The numbers above 0 among some values that have a name, may be a part of a formula, and are no entries of data.

    >>> numbers = numbers_of([np.ones(3), 2, {"pad": 1, "train": True}], ["x", "size", "options"])
    >>> [(number.name, number.value) for number in numbers]
    [('size', 2), ('pad', 1)]
    """
    plain = (
        (name, v.item() if isinstance(v, np.number) else v, way) for name, v, way in _parts(values, names)
    )
    return [
        HandedNumber(name, value, way)
        for name, value, way in plain
        if isinstance(value, int | float) and not isinstance(value, bool)
        if value > 0 and _is_setting(name, value)
    ]


def axes_of(values: Sequence[Any]) -> list[HandedAxis]:
    """The axes of the arrays among some values, that have more than one entry.

    >>> [(axis.value, axis.axis) for axis in axes_of([np.ones((3, 1, 2))])]
    [(3, 0), (2, 2)]
    """
    arrays = [(value, way) for _, value, way in _parts(values, [""] * len(values)) if _is_array(value)]
    return [
        HandedAxis(size, axis, way)
        for value, way in arrays
        for axis, size in enumerate(value.shape)
        if size > 1
    ]


def with_others(values: Sequence[Any], handed: Sequence[HandedPart], other: float) -> list[Any]:
    """Copies of some values, with another number in the place of some, or so many entries along axes.

    >>> values = [np.ones(3), {"size": 3}]
    >>> (axis,), (number,) = axes_of(values), numbers_of(values, ["x", "options"])
    >>> with_others(values, [axis, number], 2)
    [array([1., 1.]), {'size': 2}]
    """
    # Modules cannot be copied, and need not be.
    copies = copy.deepcopy(list(values), {id(module): module for module in sys.modules.values()})
    for each in handed:
        _change(copies, each, each.way, other)
    return copies


def _is_setting(name: str, value: float) -> bool:
    """Whether a number may be another for a gradient: not what keeps from dividing by 0, nor the rate of a descent."""
    if not name.isidentifier():
        return False
    if isinstance(value, float):
        return bool(another_number(name, repr(float(value))))
    return name != "seed" and not training_setting(name)


def _parts(values: Sequence[Any], names: Sequence[str]) -> Iterator[tuple[str, Any, _Path]]:
    """What values hold that holds nothing else, by name; of an object that is met again nothing."""
    met = set[int]()
    for place, (name, value) in enumerate(zip(names, values, strict=True)):
        yield from _below(name, value, (place,), met)


def _below(name: str, value: Any, way: _Path, met: set[int]) -> Iterator[tuple[str, Any, _Path]]:
    match value:
        case MethodType():
            yield from _below(name, value.__self__, way, met)
            return
        case dict():
            inner = [(key if isinstance(key, str) else name, each, key) for key, each in value.items()]
        case list() | tuple():
            inner = [(name, each, place) for place, each in enumerate(value)] if _is_nest(value) else []
        case _ if is_own_object(value) and _is_copied(value):
            inner = [(key, each, key) for key, each in vars(value).items()]
        case _ if is_own_object(value):
            return
        case _:
            yield name, value, way
            return
    if id(value) not in met:
        met.add(id(value))
        for key, each, step in inner:
            yield from _below(key, each, (*way, step), met)


def _is_copied(value: Any) -> bool:
    """Whether an object is copied as those of Python are: members of an enumeration and others that are there but once
    are the same in a copy, where a change would be one of the user's own."""
    if isinstance(value, ModuleType) or any(
        hasattr(type(value), own) for own in ("__deepcopy__", "__copy__")
    ):
        return False
    try:
        return copy.copy(value) is not value
    except Exception:
        # It cannot be copied at all.
        return False


def _is_nest(values: Sequence[Any]) -> bool:
    """Whether it is no list of numbers that are data."""
    return len(values) <= _LONGEST or not all(isinstance(v, int | float | np.number) for v in values)


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in "fib"


def _change(value: Any, handed: HandedPart, way: _Path, other: float) -> Any:
    """A value with what stands at the end of a way changed: itself, but for tuples."""
    if not way:
        return (
            type(value)(other) if isinstance(handed, HandedNumber) else _sized(value, handed.axis, int(other))
        )
    step, rest = way[0], way[1:]
    if isinstance(value, MethodType):
        _change(value.__self__, handed, way, other)
    elif isinstance(value, dict | list):
        value[step] = _change(value[step], handed, rest, other)
    elif isinstance(value, tuple):
        parts = [_change(each, handed, rest, other) if i == step else each for i, each in enumerate(value)]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    else:
        vars(value)[step] = _change(vars(value)[step], handed, rest, other)
    return value


def _sized(array: Array, axis: int, count: int) -> Array:
    """An array with so many entries along an axis. Along one that adds up to 1, as one-hot labels do, those that are
    new are 0; others are near those that are there, as equal ones would be so in a maximum, too."""
    size = array.shape[axis]
    taken: Array = np.take(array, np.arange(count) % size, axis=axis)
    if np.allclose(array.sum(axis=axis), 1):
        np.moveaxis(taken, axis, 0)[size:] = 0
        return taken
    if array.dtype.kind != "f" or (array.min() >= 0 and array.max() <= 1):
        # They may be classes, or probabilities.
        return taken
    noise: Array = _SPREAD * np.random.default_rng(count).standard_normal(taken.shape)
    return taken + noise
