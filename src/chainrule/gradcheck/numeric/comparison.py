"""A tensor's gradient beside the numeric one: verdicts from norms, kinks accepted between the one-sided slopes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.numeric.differences import EPS, Numeric, OneSided, extrapolated, one_sided
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.result import Entry, Tensor, Verdict

PASS, FAIL = 1e-7, 1e-4
SINGLE_PASS, SINGLE_FAIL = 1e-4, 1e-2
"""Thresholds of the relative difference in norm, and those for gradients that come in single precision."""

_KINK_SIZES = (6e-6, 6e-7, 6e-8)
_PROBED = 12
_SHOWN = 5


def compare(at: Point, analytic: Sequence[Array], numeric: Numeric) -> tuple[list[Tensor], list[Array]]:
    """Every tensor's verdict, and the numeric gradient with what lies at kinks settled.

    Entries that disagree are looked at from both sides first.
    """
    tensors, settled = [], []
    for leaf, (name, g, taken) in enumerate(zip(at.names, analytic, numeric.arrays, strict=True)):
        n, kinks, excused = taken, 0, 0.0
        if verdict(g, n, numeric.floor) != "right" and numeric.scheme == "central differences":
            n = _refined(at, leaf, g, n, numeric.floor)
        if verdict(g, n, numeric.floor) != "right":
            smooth = n
            n, kinks = _settle_kinks(at, leaf, g, smooth, numeric.floor)
            excused = difference(smooth, n, numeric.floor)
        settled.append(n)
        tensors.append(replace(tensor(name, g, n, numeric.floor, kinks), excused=excused))
    return tensors, settled


def tensor(name: str, g: Array, n: Array, floor: float, kinks: int = 0) -> Tensor:
    """One tensor compared entry by entry.

    Args:
        name: the parameter's.
        g, n: analytic and numeric gradient, of one shape.
        floor: noise of an entry of ``n``.
        kinks: how many entries were settled at kinks.
    """
    gap = np.abs(g.astype(np.float64) - n)
    order = np.argsort(gap, axis=None)[::-1][:_SHOWN]
    indices = [tuple(int(i) for i in np.unravel_index(k, g.shape)) for k in order]
    outcome = verdict(g, n, floor)
    return Tensor(
        name=name,
        shape=g.shape,
        verdict=outcome,
        difference=difference(g, n, floor),
        largest=float(gap.max(initial=0.0)),
        zero=_is_zero(g, floor) and _is_zero(n, floor),
        worst=tuple(Entry(i, float(g[i]), float(n[i])) for i in indices) if outcome != "right" else (),
        checked=g.size,
        kinks=kinks,
    )


def verdict(g: Array, n: Array, floor: float) -> Verdict:
    """right, suspect or wrong, from the relative difference in norm."""
    single = g.dtype.itemsize < 8
    passing, failing = (SINGLE_PASS, SINGLE_FAIL) if single else (PASS, FAIL)
    return judged(difference(g, n, floor), passing, failing)


def judged(relative: float, passing: float = PASS, failing: float = FAIL) -> Verdict:
    """right, suspect or wrong, for a relative difference."""
    return "right" if relative <= passing else "suspect" if relative <= failing else "wrong"


def difference(g: Array, n: Array, floor: float) -> float:
    """|g - n| / max(|g|, |n|) in Euclidean norms; 0 where their difference is nothing but noise of ``floor``."""
    wide = g.astype(np.float64)
    gap = float(np.linalg.norm(wide - n))
    if not np.isfinite(gap):
        return float("inf")
    if gap <= floor * np.sqrt(g.size):
        return 0.0
    return gap / max(float(np.linalg.norm(wide)), float(np.linalg.norm(n)))


def _is_zero(values: Array, floor: float) -> bool:
    return bool(np.abs(values).max(initial=0.0) <= floor)


def _refined(at: Point, leaf: int, g: Array, n: Array, floor: float) -> Array:
    """``n`` with the entries that disagree extrapolated, where that settles the difference."""
    entries = np.flatnonzero(np.abs(g.reshape(-1).astype(np.float64) - n.reshape(-1)) > floor)
    better = n.reshape(-1).copy()
    better[entries] = extrapolated(at, leaf, entries)
    refined = better.reshape(n.shape)
    # Beside a kink extrapolation makes things worse; there the kinks themselves are looked at.
    return refined if difference(g, refined, floor) < difference(g, n, floor) else n


def _settle_kinks(at: Point, leaf: int, g: Array, n: Array, floor: float) -> tuple[Array, int]:
    """``n`` with entries replaced where the cost bends at the point: by g if it lies between the slopes."""
    flat_g, flat_n = g.reshape(-1).astype(np.float64), n.reshape(-1).copy()
    tolerance = floor + PASS * np.abs(flat_g)
    suspicious = np.flatnonzero(np.abs(flat_g - flat_n) > tolerance)
    if suspicious.size > _PROBED:
        # Kinks are rare; where many entries disagree and a few of them lie at none, the gradient is wrong.
        probed = suspicious[np.linspace(0, suspicious.size - 1, _PROBED).astype(int)]
        if not any(_at_kink(at, leaf, int(e), flat_g[e])[0] for e in probed):
            return n, 0
    kinks = 0
    for entry in suspicious:
        bends, value = _at_kink(at, leaf, int(entry), flat_g[entry])
        if bends:
            flat_n[entry] = value
            kinks += 1
    return flat_n.reshape(n.shape), kinks


def _at_kink(at: Point, leaf: int, entry: int, g: float) -> tuple[bool, float]:
    """Whether the cost bends at this entry, and the derivative to hold g against.

    A bend at the point keeps the two slopes apart however small the step; a bend beside it lets them meet once the
    step is short enough, and what they meet at is the derivative.
    """
    slopes = one_sided(at, leaf, entry, _KINK_SIZES)
    widest, middle, narrowest = slopes
    noise = 20 * EPS * max(abs(at.cost()), 1e-3)
    if widest.gap <= 20 * noise / middle.h:
        # Too small to be told from curvature, or from nothing.
        return False, g
    if narrowest.gap > max(0.5 * widest.gap, 10 * noise / narrowest.h):
        low, high = sorted((narrowest.below, narrowest.above))
        return True, _nearest(g, low, high, noise / narrowest.h)
    # Curvature closes the gap in proportion to the step; a bend closes it at once, when it is left outside.
    ratio, curved = middle.gap / widest.gap, middle.h / widest.h
    if 0.5 * curved < ratio < 3 * curved:
        return False, g
    outside, value = _beside(slopes, g, noise)
    # A bend that even the shortest step does not leave outside tells nothing of the derivative: that it bends is said.
    return outside or ratio >= 3 * curved, value


def _nearest(g: float, low: float, high: float, noise: float) -> float:
    """g itself where it lies between the slopes, else the slope that is nearer."""
    if low - noise <= g <= high + noise:
        return g
    return low if g < low else high


def _beside(slopes: Sequence[OneSided], g: float, noise: float) -> tuple[bool, float]:
    """A bend within the widest step only: a shorter one that leaves it outside gives the derivative."""
    for shorter in slopes[1:]:
        free = shorter.gap <= 0.3 * slopes[0].gap + 10 * noise / shorter.h
        if free and abs(shorter.middle - g) <= 2 * noise / shorter.h + PASS * abs(g):
            return True, g
    return False, slopes[-1].middle
