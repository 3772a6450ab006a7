"""Where else to look: points at which a mistake shows that the given point hides.

Biases of 0, gamma of 1, l2 of 0, a batch of exactly the size that the code has hard-wired, more samples than classes
and the statistics of training all hide mistakes; so the gradient is checked again with other parameters, other numbers
of samples, l2 = 0 and > 0, and in the other mode.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.point import Point

SPREAD = 0.3
PARAMETERS, SAMPLES, L2 = "other parameters", "N", "l2"
_SOME_L2 = 0.1
_ABOUT_EQUAL = 1e-3
_MORE = 2


@dataclass(frozen=True)
class Variation:
    """A point around the given one.

    Attributes:
        point: the point.
        varied: what differs from the given point, by what it is called, and the value that it has.
        mode: whether it is one that a program need not have a gradient for: the other mode.
    """

    point: Point
    varied: dict[str, Any]
    mode: bool = False

    @property
    def words(self) -> str:
        """``N of 1``, ``other parameters and l2 of 0.1``."""
        return " and ".join(of_values(name, [value]) for name, value in self.varied.items())


def of_values(name: str, values: list[Any]) -> str:
    """What had which values: ``N of 1, 2 and 7``.

    >>> of_values("N", [7, 1, 2]), of_values("other parameters", [None]), of_values("mode", ["train", "test"])
    ('N of 1, 2 and 7', 'other parameters', "mode of 'train' and 'test'")
    """
    if values == [None]:
        return name
    is_number = all(isinstance(value, float | int) and not isinstance(value, bool) for value in values)
    shown = (
        [f"{value:g}" for value in sorted(set(values))] if is_number else [repr(value) for value in values]
    )
    *others, last = shown
    return f"{name} of {', '.join(others)} and {last}" if others else f"{name} of {last}"


def given_values(given: Point) -> dict[str, Any]:
    """What can be varied, and the value that it has at the given point."""
    variable, data = given.variable, given.data
    values: dict[str, Any] = {SAMPLES: variable.count(data)} if variable.samples else {}
    values |= {} if given.l2 is None else {L2: given.l2}
    return values | ({} if variable.mode is None else {variable.mode_name: data[variable.mode]})


def around(given: Point, rng: np.random.Generator) -> Iterator[Variation]:
    """Other parameters, fewer samples, another l2, for what is known of the data: the likeliest first.

    With l2 = 0, other parameters and fewer samples come with some.
    """
    variable, l2 = given.variable, given.l2
    other = _with_l2(moved(given, rng), _SOME_L2) if l2 == 0.0 else moved(given, rng)
    also = {L2: _SOME_L2} if l2 == 0.0 else {}
    yield Variation(other, {PARAMETERS: None} | also)
    count = variable.count(given.data)
    if count > 3:
        size = max(3, count // 2)
        yield Variation(_with_samples(other, size, rng), {SAMPLES: size} | also)
    if l2 is not None:
        other_l2 = _SOME_L2 if l2 == 0.0 else 0.0
        with_other = _with_l2(given, other_l2)
        if _differ(given, with_other):
            yield Variation(with_other, {L2: other_l2})


def _differ(given: Point, other: Point) -> bool:
    """Whether the cost is another one there: an object may keep the l2 that it was made with, whatever is given."""
    try:
        return given.cost() != other.cost()
    except Exception:
        # Why it does not run is said where it is compared.
        return True


def further(given: Point, rng: np.random.Generator) -> Iterator[Variation]:
    """Numbers of samples at which code for batches may be wrong, and the other mode."""
    variable = given.variable
    count, other = variable.count(given.data), moved(given, rng)
    for size in _sizes(count, variable.classes):
        yield Variation(_with_samples(other, size, rng), {SAMPLES: size})
    if variable.mode is not None:
        data = variable.with_other_mode(given.data)
        yield Variation(given.with_data(data), {variable.mode_name: data[variable.mode]}, mode=True)


def _sizes(count: int, classes: int | None) -> list[int]:
    """One sample, fewer than classes, and more; code for a single sample is left alone."""
    if count < 2:
        return []
    fewer = [classes - 1] if classes is not None and 1 < classes - 1 < count else []
    more = [classes + _MORE] if classes is not None and count <= classes else []
    return [1, *fewer, *more]


def _with_samples(point: Point, size: int, rng: np.random.Generator) -> Point:
    """The same with so many of its samples, some of them several times where there are not so many."""
    variable, count = point.variable, point.variable.count(point.data)
    others = np.delete(np.arange(count), variable.first)
    drawn = rng.choice(others, size - 1, replace=size > count)
    return point.with_data(variable.with_samples(point.data, np.sort(np.append(drawn, variable.first))))


def _with_l2(point: Point, value: float) -> Point:
    return point.with_data(point.variable.with_l2(point.data, value))


def moved(point: Point, rng: np.random.Generator, size: float = 1.0) -> Point:
    """A point about as far away as the parameters' entries are from one another, or some part of that."""
    return point.with_arrays(
        [_moved(a, size * _spread(a) * rng.standard_normal(a.shape)) for a in point.arrays]
    )


def _moved(array: Array, step: Array) -> Array:
    """An array after a step; entries that are all between 0 and 1 stay there, as they may be probabilities, of which a
    loss has no value elsewhere."""
    new = array + step
    inside = array.size > 0 and array.min() > 0 and array.max() < 1
    return np.clip(new, array / 2, (1 + array) / 2) if inside else new


def beside(point: Point, rng: np.random.Generator) -> Point:
    """A point so close that nothing but kinks can make a difference."""
    return moved(point, rng, 1e-2)


def _spread(array: Array) -> float:
    """How far to move: as far as the entries lie apart, and at least a twentieth where all are about equal."""
    if not array.size:
        return 0.0
    equal = np.ptp(array) < _ABOUT_EQUAL
    return SPREAD * max(float(array.std()), 0.2 if equal else _ABOUT_EQUAL)
