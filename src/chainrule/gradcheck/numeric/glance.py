"""A glance along drawn directions: whether a gradient that was right entry by entry is right at another point as well,
or with another setting. Where it does not tell, that is looked at entry by entry too.

An error of the size e is missed in two directions with probability (0.8 t / e)^2, t the threshold of what is right: in
one of a million where the gradient is wrong (:mod:`.directions`).
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from chainrule.errors import TimeUpError
from chainrule.gradcheck.numeric import directions, hygiene, surroundings
from chainrule.gradcheck.program.interface import Program
from chainrule.gradcheck.program.point import Point

POINTS = 2
"""At how many points a program is looked at: the given one, and one with other parameters."""

_ABOVE_NOISE = 1e3


def is_right(program: Program, zero: Collection[str], rng: np.random.Generator) -> bool:
    """Whether the gradient of a program with another setting is right for certain.

    Args:
        program: with the setting.
        zero: the parameters whose gradients are 0 without it.
        rng: points and directions are drawn from it.

    Raises:
        TimeUpError: time is up.
    """
    try:
        given = Point.of_program(program, program.describe())
    except TimeUpError:
        raise
    except Exception:
        # Why it cannot be checked is told where it is looked at closer.
        return False
    points = (given, surroundings.moved(given, rng))
    return all(is_right_at(point, zero, rng) for point in points)


def is_right_at(at: Point, zero: Collection[str], rng: np.random.Generator) -> bool:
    """The same at a point. Where the cost may be a net's it never is: such a cost may be wrong itself.

    Raises:
        TimeUpError: time is up.
    """
    try:
        return at.roles is None and _is_right(at, zero, rng)
    except TimeUpError:
        raise
    except Exception:
        # As above.
        return False


def _is_right(at: Point, zero: Collection[str], rng: np.random.Generator) -> bool:
    cost, returned = at.cost(), at.returned()
    gradient = at.matched(returned)
    hygiene.refuse_not_finite(at.names, gradient)
    heard = _ABOVE_NOISE * directions.noise_of_slopes(cost)
    tells = all(name in zero or np.linalg.norm(g) > heard for name, g in zip(at.names, gradient, strict=True))
    if not tells or at.cost() != cost or hygiene.mutated(at, returned) is not None:
        return False
    return directions.agree(at, gradient, rng, directions.central_slope)
