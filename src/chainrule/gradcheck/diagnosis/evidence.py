"""A gradient at one point, the gradient that mistakes made on purpose give there, and whether the two agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis import derivation
from chainrule.gradcheck.diagnosis.derivation import PlainNet, Step, Steps
from chainrule.gradcheck.diagnosis.mistakes import IMPOSSIBLE, Mistake
from chainrule.gradcheck.diagnosis.reading import Reading
from chainrule.gradcheck.numeric.checked_point import CheckedPoint

CERTAIN, LIKELY, PLAUSIBLE, NO_IDEA = 0.98, 0.9, 0.8, 0.1
"""How sure causes are: held against several points, against one, from numbers alone, and where nothing is known."""

_MATCH, _SINGLE_MATCH = 1e-8, 1e-4
"""Relative differences in norm that are rounding, in double and in single precision."""


@dataclass(frozen=True)
class Evidence:
    """A point, and the cost's reading with the penalty's factors as they are there."""

    checked: CheckedPoint
    reading: Reading

    def net(self) -> PlainNet:
        """The net here."""
        return self.reading.net(self.checked.point)


@dataclass(frozen=True)
class Made:
    """A mistake made in some layers; or two, each in its own.

    Attributes:
        mistakes: the mistake, or both.
        layers: of each.
        again: the same with the numbers that it has at another point; None where they are the same everywhere.
    """

    mistakes: tuple[Mistake, ...]
    layers: tuple[tuple[int, ...], ...]
    again: Callable[[Evidence], Made | None] | None = None

    def at(self, evidence: Evidence) -> Made | None:
        """As it is made at a point; None where it cannot be."""
        return self if self.again is None else self.again(evidence)

    def steps(self) -> dict[tuple[str, int], Step]:
        """The steps that it changes."""
        return {
            (mistake.step, layer): mistake.function
            for mistake, layers in zip(self.mistakes, self.layers, strict=True)
            for layer in layers
        }

    def parted(self, bug: str) -> tuple[Made, Made]:
        """What of it is a bug, by its name, and the rest."""
        pairs = [*zip(self.mistakes, self.layers, strict=True)]
        own, rest = ([p for p in pairs if (p[0].bug.name == bug) is meant] for meant in (True, False))
        return _made_of(own), _made_of(rest)

    def also(self, other: Made) -> Made:
        """Both made at once."""
        return Made(self.mistakes + other.mistakes, self.layers + other.layers)


def _made_of(pairs: Sequence[tuple[Mistake, tuple[int, ...]]]) -> Made:
    return Made(tuple(mistake for mistake, _ in pairs), tuple(layers for _, layers in pairs))


def predicted(evidence: Evidence, wrong: Steps) -> list[Array] | None:
    """The gradient that mistaken steps give at a point, as the user's arrays lie; None where they cannot be made."""
    leaves = [np.zeros_like(array) for array in evidence.checked.point.arrays]
    try:
        with np.errstate(all="ignore"):
            for leaf, gradient in _leaf_by_leaf(evidence, wrong):
                leaves[leaf] = gradient
    except IMPOSSIBLE:
        return None
    return leaves


def explains(wrong: Steps, evidence: Evidence) -> bool:
    """Whether mistaken steps give the user's gradient, every tensor of it."""
    analytic = evidence.checked.analytic
    try:
        with np.errstate(all="ignore"):
            # Most differ in the last layer, which comes first: those below it are not derived then.
            return all(same(gradient, analytic[leaf]) for leaf, gradient in _leaf_by_leaf(evidence, wrong))
    except IMPOSSIBLE:
        return False


def _leaf_by_leaf(evidence: Evidence, wrong: Steps) -> Iterator[tuple[int, Array]]:
    """The gradient that mistaken steps give at a point, with the number of the leaf; the last layer's first.

    Raises:
        Exception: one of ``IMPOSSIBLE``, where they cannot be made.
    """
    net, reading, arrays = evidence.net(), evidence.reading, evidence.checked.point.arrays
    steps = reading.form.steps(len(net.layers)) | dict(wrong)
    derivation.forward(net, steps)
    layers = zip(reversed(net.layers), derivation.layer_by_layer(net, steps), strict=True)
    for layer, gradient in layers:
        yield from reading.layout.of_layer(layer.index, gradient, arrays)


def is_right(evidence: Evidence) -> bool:
    """Whether the gradient is what the derivation done right gives for the reading."""
    return explains({}, evidence)


def same(a: Array, b: Array) -> bool:
    """Whether two gradients are equal but for rounding."""
    tolerance = _SINGLE_MATCH if min(a.dtype.itemsize, b.dtype.itemsize) < 8 else _MATCH
    size = max(float(np.linalg.norm(a)), float(np.linalg.norm(b)))
    return bool(float(np.linalg.norm(a - b)) <= tolerance * size + 1e-13)


def multiple(a: Array, b: Array) -> float | None:
    """k with a = k b; None where there is none, or b is 0."""
    size = float(np.vdot(b, b))
    if size == 0:
        return None
    k = float(np.vdot(b, a)) / size
    return k if np.linalg.norm(a - k * b) <= 1e-6 * np.linalg.norm(a) else None
