"""When numbers agree and that says nothing: kinks that excuse what differs, and noise that drowns it.

At a kink any value between the one-sided slopes is right, and below the noise of the differences any value is as good
as another. At a drawn point a net has few kinks and little noise; a cost can be made to have much of both.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.numeric import surroundings
from chainrule.gradcheck.numeric.checked_point import CheckedPoint, compare_at
from chainrule.gradcheck.numeric.comparison import FAIL

_HEARD = 1e-2
"""The part of a gradient, in norm, that kinks or noise may make up."""

_TRIES = 3
_ROUNDINGS = 1e3
_WAY = 0.1


def beside_kinks(points: Sequence[CheckedPoint], rng: np.random.Generator) -> list[CheckedPoint]:
    """For each point that is right only as kinks excuse what differs, one close beside where they do not.

    Raises:
        CheckError: there is none.
    """
    return [_beside(checked, rng) for checked in points if checked.verdict == "right" and _excused(checked)]


def _beside(checked: CheckedPoint, rng: np.random.Generator) -> CheckedPoint:
    for _ in range(_TRIES):
        near = compare_at(surroundings.beside(checked.point, rng), rng, checked.words)
        if near.verdict != "right" or not _excused(near):
            return near
    worst = max(near.tensors, key=lambda tensor: tensor.excused)
    raise CheckError(
        f"the cost: bends at {worst.kinks} of the {worst.checked} entries of {worst.name}, wherever it is tried; a "
        "gradient can be told only where the cost is smooth"
    )


def _excused(checked: CheckedPoint) -> bool:
    return any(tensor.excused > _HEARD for tensor in checked.tensors)


def refuse_drowned(points: Sequence[CheckedPoint]) -> None:
    """A gradient that counts as right since the noise of the differences is larger.

    A gradient of zero to rounding, as of a bias in front of batch norm, is told from one that drowns: the cost stays as
    it is when the parameter is moved, and few parameters are such.

    Raises:
        CheckError: there is one.
    """
    for checked in points:
        pairs = zip(checked.tensors, checked.analytic, checked.numeric, strict=True)
        unheard = [
            leaf for leaf, (tensor, g, n) in enumerate(pairs) if tensor.verdict == "right" and _unheard(g, n)
        ]
        most = 2 * sum(checked.analytic[leaf].size for leaf in unheard) > checked.point.entries
        drowned = [leaf for leaf in unheard if most or _is_something(checked, leaf)]
        if drowned:
            names = ", ".join(checked.point.names[leaf] for leaf in drowned)
            raise CheckError(
                f"the gradient of {names}: lies below the noise of the differences, {checked.floor:.1e} an entry, as "
                f"the cost is {checked.point.cost():.3g}; check it where no part of the cost drowns the others"
            )


def _unheard(g: Array, n: Array) -> bool:
    """Whether two gradients agree in not even two digits."""
    size = max(float(np.linalg.norm(g)), float(np.linalg.norm(n)))
    return float(np.linalg.norm(g.astype(np.float64) - n)) > _HEARD * size


def _is_something(checked: CheckedPoint, leaf: int) -> bool:
    """Whether a gradient is more than rounding; or zero, where the noise would hide what the cost changes by when the
    parameter is moved a good way."""
    g, cost = checked.analytic[leaf], checked.point.cost()
    # A cost near 0 may be a sum of large parts, as gradients show; what cancels leaves the rounding of these.
    scale = max(abs(cost), *(float(np.abs(each).max(initial=0.0)) for each in checked.analytic))
    noise = _ROUNDINGS * float(np.finfo(g.dtype if g.dtype.kind == "f" else np.float64).eps) * scale
    if np.abs(g).max(initial=0.0) > noise:
        return True
    # No draw: what follows must not depend on whether this was asked.
    direction = [np.zeros_like(a) for a in checked.point.arrays]
    direction[leaf] = np.cos(np.arange(1, g.size + 1)).reshape(g.shape)
    step = _WAY * max(float(np.abs(checked.point.arrays[leaf]).max(initial=0.0)), 1e-2)
    change = max(abs(moved - cost) for moved in checked.point.both_sides(direction, step))
    return change > noise and checked.floor * g.size > FAIL * change / step
