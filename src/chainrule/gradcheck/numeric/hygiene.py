"""What must hold before any difference can be trusted: a cost that repeats, parameters that stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.catalogue.state import COST_NOT_DETERMINISTIC, PARAMETERS_MUTATED
from chainrule.gradcheck.numeric.differences import both_sides
from chainrule.gradcheck.program.subject import Arrays, Data, Subject, real_cost
from chainrule.gradcheck.result import Cause

_CALLS_A_PARAMETER = 0.5


def unsteady_cost(subject: Subject, names: Sequence[str], arrays: Arrays, data: Data) -> Cause | None:
    """The cost gives another value for the same arguments."""
    values = [real_cost(subject, arrays, data) for _ in range(3)]
    if max(values) == min(values):
        return None
    shown = ", ".join(f"{value:.10g}" for value in values)
    return COST_NOT_DETERMINISTIC.cause(names, 0.98, f"three calls with the same arguments gave {shown}")


def mutated(names: Sequence[str], arrays: Arrays, returned: dict[str, Any]) -> Cause | None:
    """The function changed the parameters that it was given."""
    after = returned["after"]
    if len(after) != len(arrays):
        return None
    changed = [
        name
        for name, before, now in zip(names, arrays, after, strict=True)
        # Adding a step and taking it away again may leave rounding behind.
        if before.shape != now.shape or not np.allclose(before, now, rtol=1e-12, atol=1e-14)
    ]
    if not changed:
        return None
    return PARAMETERS_MUTATED.cause(changed, 0.95, f"{', '.join(changed)}: changed by the call")


def refuse_rounded(subject: Subject, arrays: Arrays, data: Data, rng: np.random.Generator) -> None:
    """The cost must be computed in double precision.

    J(p + h v) - 2 J(p) + J(p - h v) falls with h^2 for a smooth cost, with h where it bends; only what rounding leaves
    does not fall.

    Raises:
        CheckError: it is rounded on the way.
    """
    centre = real_cost(subject, arrays, data)
    left = [0.0, 0.0]
    for _ in range(12):
        direction = [rng.standard_normal(a.shape) for a in arrays]
        for i, h in enumerate((1e-5, 1e-6)):
            above, below = both_sides(subject, arrays, data, direction, h)
            left[i] = max(left[i], abs(above - 2 * centre + below))
    if left[1] > max(0.3 * left[0], 1e-8 * max(abs(centre), 1e-2)):
        raise CheckError(
            "the cost: is rounded on the way, as in single precision, which is too coarse for differences; compute in "
            "float64 for the check, and take out what rounds or casts to float32"
        )


def calls_the_cost(subject: Subject, arrays: Arrays, data: Data) -> str:
    """In words, that the gradient is itself a numeric difference; empty when it is not."""
    count = subject.calls(arrays, data).get("cost", 0)
    entries = sum(a.size for a in arrays)
    if count < max(2, _CALLS_A_PARAMETER * entries):
        return ""
    return f"the gradient calls the cost {count} times for {entries} parameters: it is a numeric difference"


def looks_numeric(analytic: Sequence[Array], numeric: Sequence[Array], scheme: str) -> bool:
    """Whether a gradient carries the error of a finite difference: small, far above rounding, the same in entries
    large and small. Only the complex step is exact enough to tell."""
    if scheme != "complex step" or any(a.dtype.itemsize < 8 for a in analytic):
        return False
    g = np.concatenate([a.reshape(-1) for a in analytic]).astype(float)
    n = np.concatenate([a.reshape(-1) for a in numeric])
    error, size = np.abs(g - n), float(np.abs(n).max(initial=0.0))
    typical = float(np.median(error))
    if not 1e-13 * size < typical < 1e-5 * size or float(error.max()) > 1e2 * typical:
        return False
    small = np.abs(n) <= np.median(np.abs(n))
    return bool(np.median(error[small]) > 0.2 * np.median(error[~small]))


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
