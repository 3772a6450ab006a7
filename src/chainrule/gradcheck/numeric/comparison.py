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
_EXACT = 0.1 * PASS


def compare(at: Point, analytic: Sequence[Array], numeric: Numeric) -> tuple[list[Tensor], list[Array]]:
    """Every tensor's verdict, and the numeric gradient with what lies at kinks settled.

    Entries that disagree are looked at from both sides first.
    """
    tensors, settled = [], []
    for leaf, (name, g, n) in enumerate(zip(at.names, analytic, numeric.arrays, strict=True)):
        end = n, 0, 0.0
        if verdict(g, n, numeric.floor) != "right":
            end = _settled(at, leaf, g, n, numeric)
        its, kinks, excused = end
        settled.append(its)
        tensors.append(replace(tensor(name, g, its, numeric.floor, kinks), excused=excused))
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


def _settled(
    at: Point, leaf: int, g: Array, n: Array, numeric: Numeric, *, probing: bool = True
) -> tuple[Array, int, float]:
    """``n`` as near as it can be had, with kinks settled; how many these are, and how large a difference they excuse.

    Args:
        at: the point.
        leaf: the tensor.
        g, n: its analytic and numeric gradient.
        numeric: all numeric gradients.
        probing: a few entries say for all whether differences of a shorter step are other ones.
    """
    smooth, is_central = n, numeric.scheme == "central differences"
    if is_central:
        smooth = _refined(at, leaf, g, n, numeric.floor, probing=probing)
    if verdict(g, smooth, numeric.floor) == "right":
        return smooth, 0, 0.0
    settled, kinks = _settle_kinks(at, leaf, g, smooth, numeric.floor)
    if is_central and kinks and probing and verdict(g, settled, numeric.floor) != "right":
        # The entries that were probed may have been those at kinks, at which every step gives the same.
        return _settled(at, leaf, g, n, numeric, probing=False)
    return settled, kinks, difference(smooth, settled, numeric.floor)


def _refined(at: Point, leaf: int, g: Array, n: Array, floor: float, *, probing: bool) -> Array:
    """``n`` with the entries that disagree extrapolated, where that settles the difference."""
    given, gaps = n.reshape(-1), np.abs(g.reshape(-1).astype(np.float64) - n.reshape(-1))
    entries = np.flatnonzero(gaps > floor)
    if probing:
        # From the largest gap to the least: what is curved is among them, wherever it is most of the difference.
        few = _a_few(entries[np.argsort(gaps[entries])])
        if difference(given[few], extrapolated(at, leaf, few, given[few], 1), floor) <= _EXACT:
            return n
    better = given.copy()
    better[entries] = extrapolated(at, leaf, entries, given[entries], 2)
    refined = better.reshape(n.shape)
    # Beside a kink extrapolation makes things worse; there the kinks themselves are looked at.
    return refined if difference(g, refined, floor) < difference(g, n, floor) else n


def _a_few(entries: Array) -> Array:
    """Some of many entries, the first and the last among them."""
    few: Array = entries[np.linspace(0, entries.size - 1, min(entries.size, _PROBED)).astype(int)]
    return few


def _settle_kinks(at: Point, leaf: int, g: Array, n: Array, floor: float) -> tuple[Array, int]:
    """``n`` with entries replaced where the cost bends at the point: by g if it lies between the slopes."""
    flat_g, flat_n = g.reshape(-1).astype(np.float64), n.reshape(-1).copy()
    tolerance = floor + PASS * np.abs(flat_g)
    suspicious = np.flatnonzero(np.abs(flat_g - flat_n) > tolerance)
    # Kinks are rare; where many entries disagree and a few of them lie at none, the gradient is wrong.
    few = _a_few(suspicious)
    bends = _at_kinks(at, leaf, few, flat_g)
    if bends and few.size < suspicious.size:
        bends |= _at_kinks(at, leaf, np.setdiff1d(suspicious, few), flat_g)
    for entry, value in bends.items():
        flat_n[entry] = value
    return flat_n.reshape(n.shape), len(bends)


def _at_kinks(at: Point, leaf: int, entries: Array, g: Array) -> dict[int, float]:
    """Of some entries those at which the cost bends, each with the derivative to hold g against.

    A bend at the point keeps the two slopes apart however small the step; a bend beside it lets them meet once the
    step is short enough, and what they meet at is the derivative.
    """
    noise = 20 * EPS * max(abs(at.cost()), 1e-3)
    slopes: dict[int, list[OneSided]] = {int(entry): [] for entry in entries}
    left = [*slopes]
    for size in _KINK_SIZES:
        if not left:
            return {}
        for entry, its in zip(left, one_sided(at, leaf, np.array(left, dtype=int), size), strict=True):
            slopes[entry].append(its)
        left = [entry for entry in left if not _is_smooth(slopes[entry], noise)]
    bends = {entry: _at_kink(slopes[entry], float(g[entry]), noise) for entry in left}
    return {entry: value for entry, value in bends.items() if value is not None}


def _is_smooth(slopes: Sequence[OneSided], noise: float) -> bool:
    """Whether the gap between the slopes is that of a curve: too small to be told from noise, or in proportion to the
    step; a bend closes it at once, when it is left outside."""
    widest, *shorter = slopes
    next_size = widest.h * _KINK_SIZES[1] / _KINK_SIZES[0]
    if widest.gap <= 20 * noise / next_size:
        return True
    curved = shorter[0].h / widest.h if shorter else 0.0
    return bool(shorter) and 0.5 * curved < shorter[0].gap / widest.gap < 3 * curved


def _at_kink(slopes: Sequence[OneSided], g: float, noise: float) -> float | None:
    """The derivative to hold g against where the cost bends; None where it does not."""
    widest, middle, narrowest = slopes
    if narrowest.gap > max(0.5 * widest.gap, 10 * noise / narrowest.h):
        low, high = sorted((narrowest.below, narrowest.above))
        return _nearest(g, low, high, noise / narrowest.h)
    outside, value = _beside(slopes, g, noise)
    # A bend that even the shortest step does not leave outside tells nothing of the derivative: that it bends is said.
    return value if outside or middle.gap / widest.gap >= 3 * middle.h / widest.h else None


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
