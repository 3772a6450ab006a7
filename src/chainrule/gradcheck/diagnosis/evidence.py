"""A gradient at one point, and the gradient that mistakes made on purpose give there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chainrule.gradcheck.diagnosis import net as nets
from chainrule.gradcheck.diagnosis.mistakes import Mistake, NotHere
from chainrule.gradcheck.diagnosis.net import Net, Step, Steps
from chainrule.gradcheck.diagnosis.reading import Reading
from chainrule.gradcheck.leaves import Array
from chainrule.gradcheck.subject import Data

MATCH = 1e-8
SINGLE_MATCH = 1e-4


@dataclass(frozen=True)
class Evidence:
    """A gradient at one point, and the cost's reading there.

    Attributes:
        arrays, data: the point.
        analytic, numeric: the gradients, one array for each leaf.
        reading: with the penalty's factors as they are there.
    """

    arrays: list[Array]
    data: Data
    analytic: list[Array]
    numeric: list[Array]
    reading: Reading

    def net(self) -> Net:
        """The net here."""
        return self.reading.net(self.arrays, self.data)


@dataclass(frozen=True)
class Made:
    """A mistake made in some layers; or two."""

    mistakes: tuple[Mistake, ...]
    layers: tuple[tuple[int, ...], ...]

    def steps(self) -> dict[tuple[str, int], Step]:
        return {
            (mistake.step, layer): mistake.function
            for mistake, layers in zip(self.mistakes, self.layers, strict=True)
            for layer in layers
        }

    def also(self, other: Made) -> Made:
        return Made(self.mistakes + other.mistakes, self.layers + other.layers)


def predicted(evidence: Evidence, wrong: Steps) -> list[Array] | None:
    """The gradient that mistaken steps give at a point, as the user's arrays lie; None where they cannot be made."""
    net = evidence.net()
    steps = evidence.reading.form.steps(len(net.layers)) | dict(wrong)
    try:
        with np.errstate(all="ignore"):
            nets.forward(net, steps)
            return evidence.reading.layout.put_back(nets.backward(net, steps), evidence.arrays)
    except NotHere:
        return None
    except (ValueError, IndexError, AttributeError):
        # A mistake whose shapes do not fit this net is none that its author can have made.
        return None


def same(a: Array, b: Array) -> bool:
    """Whether two gradients are equal but for rounding."""
    tolerance = SINGLE_MATCH if min(a.dtype.itemsize, b.dtype.itemsize) < 8 else MATCH
    size = max(float(np.linalg.norm(a)), float(np.linalg.norm(b)))
    return bool(float(np.linalg.norm(a - b)) <= tolerance * size + 1e-13)


def is_right(evidence: Evidence) -> bool:
    """Whether the gradient is what the derivation done right gives for the reading."""
    gradient = predicted(evidence, {})
    return gradient is not None and all(same(g, a) for g, a in zip(gradient, evidence.analytic, strict=True))
