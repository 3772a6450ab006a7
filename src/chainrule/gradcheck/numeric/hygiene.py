"""What must hold before any difference can be trusted: a cost that repeats, parameters that stay as they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.catalogue.state import COST_NOT_DETERMINISTIC, PARAMETERS_MUTATED
from chainrule.gradcheck.numeric.differences import EPS
from chainrule.gradcheck.program.interface import Returned
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.result import Cause

_CALLS_A_PARAMETER, _FEW_PARAMETERS, _LEAST_CALLS, _LEAST_OF_QUOTIENT = 0.5, 8, 4, 2
"""How often a numeric gradient calls the cost for each of many parameters, for how many it does so once for each at
least, and how often in all: a backward pass may run the forward pass again, once or twice."""

_LINE, _ROUNDINGS = 1e-9, 10
_ALIKE = 0.1


def unsteady_cost(at: Point) -> Cause | None:
    """The cost gives another value for the same arguments."""
    values = [at.cost() for _ in range(3)]
    if max(values) == min(values):
        return None
    shown = ", ".join(f"{value:.10g}" for value in values)
    return COST_NOT_DETERMINISTIC.cause(at.names, 0.98, f"three calls with the same arguments gave {shown}")


def mutated(at: Point, returned: Returned) -> Cause | None:
    """The function changed the parameters that it was given."""
    if len(returned.after) != len(at.arrays):
        return None
    changed = [
        name
        for name, before, now in zip(at.names, at.arrays, returned.after, strict=True)
        # Adding a step and taking it away again may leave rounding behind.
        if before.shape != now.shape or not np.allclose(before, now, rtol=1e-12, atol=1e-14)
    ]
    if not changed:
        return None
    return PARAMETERS_MUTATED.cause(changed, 0.95, f"{', '.join(changed)}: changed by the call")


def refuse_rounded(at: Point, rng: np.random.Generator) -> None:
    """The cost must be computed in double precision.

    J(p + h v) - 2 J(p) + J(p - h v) falls with h^2 for a smooth cost, with h where it bends; only what rounding leaves
    does not fall.

    Raises:
        CheckError: it is rounded on the way.
    """
    centre = at.cost()
    left = [0.0, 0.0]
    for _ in range(12):
        direction = [rng.standard_normal(a.shape) for a in at.arrays]
        for i, h in enumerate((1e-5, 1e-6)):
            above, below = at.both_sides(direction, h)
            left[i] = max(left[i], abs(above - 2 * centre + below))
    if left[1] > max(0.3 * left[0], 1e-8 * max(abs(centre), 1e-2)):
        raise CheckError(
            "the cost: is rounded on the way, as in single precision, which is too coarse for differences; compute in "
            "float64 for the check, and take out what rounds or casts to float32"
        )


def calls_the_cost(at: Point, *, forms_quotient: bool) -> str:
    """In words, that the gradient calls the cost for every parameter; empty when it does not.

    Args:
        at: the point.
        forms_quotient: whether a difference quotient stands in its source: then one of two calls is a numeric gradient
            of a single parameter, and no backward pass that runs the forward pass again.
    """
    count = at.program.cost_calls(at.arrays, at.data)
    each = 1.0 if at.entries <= _FEW_PARAMETERS else _CALLS_A_PARAMETER
    if count < max(_LEAST_OF_QUOTIENT if forms_quotient else _LEAST_CALLS, each * at.entries):
        return ""
    of = f"{at.entries} parameters" if at.entries > 1 else "one parameter"
    return f"the gradient calls the cost {count} times for {of}"


def roughness(at: Point, rng: np.random.Generator) -> float:
    """The noise of a gradient relative to its largest entry, where all entries have about the same; else 0.

    Along a line of steps so small that all but rounding is straight, third differences leave noise alone. That of a
    derivation is the rounding of each entry, some 1e-16 of the largest, and what the rounding of the parameters makes
    of it, which is taken off; that of a difference with step h is the rounding of two costs divided by h, the same for
    entries large and small. 0 in single precision.
    """
    if any(g.dtype.itemsize < 8 for g in at.gradient()):
        return 0.0
    direction = [
        rng.standard_normal(a.shape) * max(float(np.abs(a).max(initial=0.0)), 1e-2) for a in at.arrays
    ]
    line = (at.ahead(direction, k * _LINE) for k in range(6))
    gradients = np.array([np.concatenate([g.reshape(-1).astype(float) for g in p.gradient()]) for p in line])
    noise = np.sqrt(np.square(np.diff(gradients, n=3, axis=0) / np.sqrt(20)).mean(axis=0))
    of_parameters = _ROUNDINGS * EPS / _LINE * float(np.median(np.abs(np.diff(gradients, axis=0))))
    sizes = np.abs(gradients[0])
    small = sizes <= np.median(sizes)
    halves = float(np.median(noise[small])), float(np.median(noise[~small])) if not small.all() else 0.0
    if not max(sizes.max(initial=0.0), 0.0) or min(halves) < _ALIKE * max(halves):
        return 0.0
    return max(0.0, float(np.median(noise)) - of_parameters) / float(sizes.max())


def refuse_not_finite(names: Sequence[str], analytic: Sequence[Array]) -> None:
    """Gradients must be finite real numbers.

    Raises:
        CheckError: names each that is not.
    """
    odd = [name for name, g in zip(names, analytic, strict=True) if g.dtype.kind not in "fiu"]
    if odd:
        raise CheckError(
            *(f"the gradient of {name}: holds no real numbers; return floating-point ones" for name in odd)
        )
    bad = [name for name, g in zip(names, analytic, strict=True) if not np.isfinite(g).all()]
    if bad:
        raise CheckError(
            *(f"the gradient of {name}: holds NaN or infinity; look for a division by 0" for name in bad)
        )
