"""A gradient beside central and forward differences, and these beside each other, as reports print it.

Quotients are taken as they are: across a kink of a ReLU or a hinge they are no derivative, and what differs there says
nothing of the gradient. The verdict is not reached from them (:mod:`chainrule.gradcheck.numeric.comparison`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.numeric.differences import EPS, by_central_differences, realised_steps
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.result import Discrepancy, MethodDifference

FORWARD_STEP = float(np.sqrt(EPS))

SMALL = 1e-6
"""Two gradients whose sizes add up to less are too small for a relative difference; differences below count as none.
Both where nothing else is asked for."""


def by_methods(at: Point, analytic: Sequence[Array]) -> tuple[MethodDifference, ...]:
    """Three comparisons of every parameter that has entries, in three costs an entry."""
    central, found = by_central_differences(at).arrays, []
    for leaf, (name, derived, quotients) in enumerate(zip(at.names, analytic, central, strict=True)):
        if not derived.size:
            continue
        forward = _forward(at, leaf)
        a, c = derived.reshape(-1).astype(np.float64), quotients.reshape(-1)
        found += [
            MethodDifference(name, "analytic-central", apart(a, c)),
            MethodDifference(name, "analytic-forward", apart(a, forward)),
            MethodDifference(name, "forward-central", apart(forward, c)),
        ]
    return tuple(found)


def _forward(at: Point, leaf: int) -> Array:
    """(J(x + h) - J(x)) / ((x + h) - x) of every entry (flat), with h = sqrt(eps) max(1, |x|)."""
    steps = realised_steps(at.arrays[leaf].reshape(-1), FORWARD_STEP)
    slopes: Array = (np.real(at.costs(leaf, np.arange(steps.size), steps)) - at.cost()) / steps
    return slopes


def apart(a: Array, b: Array, kinks: int = 0, eps: float = SMALL, below: float = SMALL) -> Discrepancy:
    """How far n values (n,) lie from others (n,); n is 1 at least, ``below`` the threshold of the share.

    >>> gap = apart(np.array([1.0, 3.0]), np.array([1.0, 1.0]))
    >>> gap.largest_absolute, gap.mean_absolute, gap.largest_relative, gap.share_below
    (2.0, 1.0, 0.5, 0.5)
    """
    absolute = np.abs(a - b)
    relative = absolute / np.maximum(eps, np.abs(a) + np.abs(b))
    norms = float(np.linalg.norm(a)) + float(np.linalg.norm(b))
    return Discrepancy(
        entries=len(a),
        kinks=kinks,
        largest_absolute=float(absolute.max()),
        mean_absolute=float(absolute.mean()),
        smallest_relative=float(relative.min()),
        largest_relative=float(relative.max()),
        mean_relative=float(relative.mean()),
        relative_norm=float(np.linalg.norm(absolute)) / max(eps, norms),
        share_below=float((absolute < below).mean()),
    )
