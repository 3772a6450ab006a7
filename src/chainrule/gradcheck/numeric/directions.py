"""Functions with too many parameters for every entry: directions at full size, entries of a smaller problem.

Along a direction v of a tensor the two gradients differ by e . v, e = g - n. For v of standard normal numbers e . v is
normal with deviation |e|, so a difference below the threshold t is seen with probability erf(t / (|e| sqrt 2)) only by
chance, about 0.8 t / |e|; for m directions to the power of m.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import TimeUpError
from chainrule.gradcheck.catalogue.unknown import UNKNOWN
from chainrule.gradcheck.numeric import differences
from chainrule.gradcheck.numeric.comparison import FAIL, PASS, SINGLE_FAIL, SINGLE_PASS, judged
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.program.point import Point
from chainrule.gradcheck.result import Tensor, Verdict, worst

MOST_ENTRIES = 6000
_DIRECTIONS = 4
_STEP = 1e-6
_SIZE_STATED = 1e-3
_AT_A_GLANCE = 2
_ROUNDING = 1e-13

Slope = Callable[[Point, Sequence[Array]], tuple[float, float]]
"""The cost's slope along a direction, and its noise."""


def is_large(at: Point) -> bool:
    """Whether comparing every entry would take too many calls of the cost."""
    return at.entries > MOST_ENTRIES


def by_directions(at: Point, analytic: Sequence[Array], rng: np.random.Generator) -> Check:
    """Every tensor along drawn directions, then every row of every matrix along one."""
    exact = differences.carries_complex(at, rng)
    slope = exact_slope if exact else central_slope
    tensors = []
    for leaf, (name, g) in enumerate(zip(at.names, analytic, strict=True)):
        parts = [...] * _DIRECTIONS + _rows(g)
        gaps, sizes = np.transpose([_along_one(at, leaf, g, rows, slope, rng) for rows in parts])
        tensors.append(_tensor(name, g, gaps, sizes))
    verdict = worst(tensors)
    return Check(
        verdict,
        None if verdict == "right" else "gradient",
        tuple(tensors),
        scheme=f"{'complex step' if exact else 'central differences'} along directions",
        cost=at.cost(),
    )


def agree(
    at: Point, analytic: Sequence[Array], rng: np.random.Generator, slope: Slope, *, together: bool = False
) -> bool:
    """Whether every tensor's gradient is right along a few drawn directions: a glance at a point where it most likely
    is.

    Args:
        at: the point.
        analytic: the gradient there.
        rng: directions are drawn from it.
        slope: how the cost's slopes are taken.
        together: directions of all tensors at once, which are fewer.

    Raises:
        TimeUpError: there was no time left to take them.
    """
    try:
        if together:
            tries = (_along(at, analytic, slope, rng) for _ in range(_AT_A_GLANCE))
        else:
            leaves = (leaf for leaf in enumerate(analytic) for _ in range(_AT_A_GLANCE))
            tries = ((g, *_along_one(at, leaf, g, ..., slope, rng)) for leaf, g in leaves)
        return all(_verdict(*each) == "right" for each in tries)
    except TimeUpError:
        raise
    except Exception:
        # As in differences.carries_complex: what does so elsewhere need not here.
        return False


def _along(
    at: Point, analytic: Sequence[Array], slope: Slope, rng: np.random.Generator
) -> tuple[Array, float, float]:
    """A gradient of the lowest precision, and how far two slopes along a drawn direction of all tensors lie apart."""
    v = [rng.standard_normal(g.shape) for g in analytic]
    expected = sum(float(np.vdot(g, each)) for g, each in zip(analytic, v, strict=True))
    numeric, noise = slope(at, v)
    size = max(abs(expected), abs(numeric), *(float(np.linalg.norm(g)) for g in analytic), 1e-300)
    return min(analytic, key=lambda g: g.dtype.itemsize), max(0.0, abs(expected - numeric) - noise), size


def _along_one(
    at: Point, leaf: int, g: Array, rows: Any, slope: Slope, rng: np.random.Generator
) -> tuple[float, float]:
    """How far two slopes along a drawn direction of some rows lie apart, beyond noise, and their size."""
    v = [np.zeros_like(a) for a in at.arrays]
    v[leaf][rows] = rng.standard_normal(v[leaf][rows].shape)
    expected, numeric, noise = float(np.vdot(g, v[leaf])), *slope(at, v)
    size = max(abs(expected), abs(numeric), float(np.linalg.norm(g[rows])), 1e-300)
    return max(0.0, abs(expected - numeric) - noise), size


def _verdict(g: Array, gap: float, size: float) -> Verdict:
    single = g.dtype.itemsize < 8
    return judged(gap / size, *((SINGLE_PASS, SINGLE_FAIL) if single else (PASS, FAIL)))


def _rows(g: Array) -> list[Any]:
    return [slice(i, i + 1) for i in range(len(g))] if g.ndim > 1 and 1 < len(g) <= 512 else []


def exact_slope(at: Point, v: Sequence[Array]) -> tuple[float, float]:
    """By a complex step."""
    exact = at.along(v, np.array([1j * differences.COMPLEX_STEP]))
    slope = float(exact[0].imag / differences.COMPLEX_STEP)
    return slope, _ROUNDING * max(abs(float(exact[0].real)), abs(slope))


def central_slope(at: Point, v: Sequence[Array]) -> tuple[float, float]:
    """By a central difference."""
    above, below = at.both_sides(v, _STEP)
    return (above - below) / (2 * _STEP), noise_of_slopes(above)


def noise_of_slopes(cost: float) -> float:
    """That of a central difference along a direction."""
    return 20 * differences.EPS * max(abs(cost), 1.0) / _STEP


def _tensor(name: str, g: Array, gaps: Array, sizes: Array) -> Tensor:
    relative = float((gaps / sizes).max())
    by_one = 0.8 * PASS / _SIZE_STATED
    coverage = (
        f"{len(gaps)} directions; an error of {_SIZE_STATED:.1%} of the tensor is missed with probability "
        f"{by_one**_DIRECTIONS:.0e}, one of {_SIZE_STATED:.1%} of a single row with {by_one:.0e}"
    )
    return Tensor(
        name,
        g.shape,
        judged(relative),
        relative,
        float(gaps.max()),
        zero=not bool(g.any()),
        checked=len(gaps),
        coverage=coverage,
    )


def joined(outcome: Check, full: Check, *, of_directions: bool) -> Check:
    """What was found on the smaller problem, with the full one's verdict where that is worse.

    Args:
        outcome: of the smaller problem.
        full: along directions.
        of_directions: the smaller problem's parameters are steps along directions, whose figures say nothing.
    """
    notes = (*outcome.notes, *_of_differences(outcome, of_directions))
    if outcome.right and not full.right:
        return _without_entries(full, notes)
    tensors = full.tensors if outcome.right or (of_directions and not full.right) else outcome.tensors
    if of_directions and tensors is outcome.tensors:
        pairs = zip(tensors, full.tensors, strict=True)
        tensors = tuple(replace(t, shape=its.shape, worst=(), coverage=its.coverage) for t, its in pairs)
    scheme = full.scheme if of_directions else outcome.scheme
    differences = () if of_directions else outcome.differences
    return replace(
        outcome, tensors=tensors, cost=full.cost, scheme=scheme, differences=differences, notes=notes
    )


def _of_differences(outcome: Check, of_directions: bool) -> tuple[str, ...]:
    """What is to be said of the differences of a smaller problem, where they were asked for."""
    if not outcome.differences:
        return ()
    if of_directions:
        return ("there are too many entries for differences of every one: none are shown",)
    return ("the differences are those of the smaller problem",)


def _without_entries(full: Check, notes: tuple[str, ...]) -> Check:
    """By directions only, with nothing to name."""
    wrong = tuple(t.name for t in full.tensors if t.verdict != "right")
    unknown = UNKNOWN.cause(wrong, 0.1, "wrong along drawn directions")
    return replace(full, causes=(unknown,) if wrong else (), notes=(*notes, *full.notes))
