"""What must hold before any difference can be trusted: a cost that repeats, parameters that stay as they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.catalogue.state import COST_NOT_DETERMINISTIC, PARAMETERS_MUTATED
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Returned
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.result import Cause

_CALLS_A_PARAMETER = 0.5


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


def calls_the_cost(at: Point) -> str:
    """In words, that the gradient is itself a numeric difference; empty when it is not."""
    count = at.program.cost_calls(at.arrays, at.data)
    if count < max(2, _CALLS_A_PARAMETER * at.entries):
        return ""
    return (
        f"the gradient calls the cost {count} times for {at.entries} parameters: it is a numeric difference"
    )


def looks_numeric(checked: CheckedPoint) -> str:
    """In words, that a gradient carries the error of a finite difference: small, far above rounding, the same in
    entries large and small; empty when it does not. Only the complex step is exact enough to tell."""
    if checked.scheme != "complex step" or any(a.dtype.itemsize < 8 for a in checked.analytic):
        return ""
    g = np.concatenate([a.reshape(-1) for a in checked.analytic]).astype(float)
    n = np.concatenate([a.reshape(-1) for a in checked.numeric])
    error, size = np.abs(g - n), float(np.abs(n).max(initial=0.0))
    typical = float(np.median(error))
    if not 1e-13 * size < typical < 1e-5 * size or float(error.max()) > 1e2 * typical:
        return ""
    small = np.abs(n) <= np.median(np.abs(n))
    if not np.median(error[small]) > 0.2 * np.median(error[~small]):
        return ""
    return "the gradient has the error of a finite difference: it is no derivation"


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
