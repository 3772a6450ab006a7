"""A program that is like one which was right entry by entry, but for a setting: a glance along drawn directions tells
whether it is right as well. Where it does not, that one is looked at entry by entry too."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from chainrule.errors import TimeUpError
from chainrule.gradcheck.numeric import directions, hygiene, surroundings
from chainrule.gradcheck.program.interface import Program
from chainrule.gradcheck.program.point import Point

POINTS = 2
"""At how many points it is looked at: the given one, and one with other parameters."""

_ABOVE_NOISE = 1e3


def is_right(program: Program, zero: Collection[str], rng: np.random.Generator) -> bool:
    """Whether a gradient is right for certain. That of a cost which may be a net's never is: such a cost may be wrong
    itself.

    Args:
        program: with the other setting.
        zero: the parameters whose gradients are 0 without it.
        rng: points and directions are drawn from it.

    Raises:
        TimeUpError: time is up.
    """
    try:
        given = Point.of_program(program, program.describe())
        points = (given, surroundings.moved(given, rng))
        return given.roles is None and all(_is_right_at(point, zero, rng) for point in points)
    except TimeUpError:
        raise
    except Exception:
        # Why it does not run is told where it is looked at closer.
        return False


def _is_right_at(at: Point, zero: Collection[str], rng: np.random.Generator) -> bool:
    cost, returned = at.cost(), at.returned()
    gradient = at.matched(returned)
    hygiene.refuse_not_finite(at.names, gradient)
    heard = _ABOVE_NOISE * directions.noise_of_slopes(cost)
    tells = all(name in zero or np.linalg.norm(g) > heard for name, g in zip(at.names, gradient, strict=True))
    if not tells or at.cost() != cost or hygiene.mutated(at, returned) is not None:
        return False
    return directions.agree(at, gradient, rng, directions.central_slope)
