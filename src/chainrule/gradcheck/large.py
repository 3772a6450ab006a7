"""Functions with too many parameters for every entry: directions at full size, entries of a smaller problem.

Along a direction v of a tensor the two gradients differ by e . v, e = g - n. For v of standard normal numbers e . v is
normal with deviation |e|, so a difference below the threshold t is seen with probability erf(t / (|e| sqrt 2)) only by
chance, about 0.8 t / |e|; for m directions to the power of m.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from chainrule.gradcheck import differences
from chainrule.gradcheck.compare import FAIL, PASS
from chainrule.gradcheck.leaves import Array
from chainrule.gradcheck.result import Check, Tensor, Verdict
from chainrule.gradcheck.roles import Roles
from chainrule.gradcheck.subject import Arrays, Data, Subject

MOST_ENTRIES = 6000
_INPUTS = 8
_DIRECTIONS = 4
_SIZE_STATED = 1e-3


def is_large(arrays: Arrays) -> bool:
    """Whether comparing every entry would take too many calls of the cost."""
    return sum(a.size for a in arrays) > MOST_ENTRIES


def by_directions(
    subject: Subject, names: Sequence[str], arrays: Arrays, data: Data, analytic: Sequence[Array], rng: np.random.Generator
) -> Check:
    """Every tensor along drawn directions, then every row of every matrix along one."""
    exact = differences.carries_complex(subject, arrays, data, rng)
    slope = _exact_slope if exact else _central_slope
    tensors = []
    for leaf, (name, g) in enumerate(zip(names, analytic, strict=True)):
        gaps, sizes = [], []
        for rows in [slice(None)] * _DIRECTIONS + _rows(g):
            v = [np.zeros_like(a) for a in arrays]
            v[leaf][rows] = rng.standard_normal(v[leaf][rows].shape)
            expected, numeric, noise = float(np.vdot(g, v[leaf])), *slope(subject, arrays, data, v)
            gaps.append(max(0.0, abs(expected - numeric) - noise))
            sizes.append(max(abs(expected), abs(numeric), float(np.linalg.norm(g[rows])), 1e-300))
        tensors.append(_tensor(name, g, np.array(gaps), np.array(sizes)))
    order: tuple[Verdict, ...] = ("right", "suspect", "wrong")
    verdict = max((t.verdict for t in tensors), key=order.index)
    scheme = ("complex step" if exact else "central differences") + " along directions"
    cost = float(np.real(subject.cost(arrays, data)))
    return Check(verdict, None if verdict == "right" else "gradient", tuple(tensors), scheme=scheme, cost=cost)


def _rows(g: Array) -> list[Any]:
    return [slice(i, i + 1) for i in range(len(g))] if g.ndim > 1 and 1 < len(g) <= 512 else []


def _exact_slope(subject: Subject, arrays: Arrays, data: Data, v: Arrays) -> tuple[float, float]:
    at = subject.along(arrays, data, v, np.array([1j * differences.COMPLEX_STEP]))
    return float(at[0].imag / differences.COMPLEX_STEP), 0.0


def _central_slope(subject: Subject, arrays: Arrays, data: Data, v: Arrays) -> tuple[float, float]:
    above, below = np.real(subject.along(arrays, data, v, np.array([1e-6, -1e-6])))
    noise = 20 * differences.EPS * max(abs(float(above)), 1.0) / 1e-6
    return float(above - below) / 2e-6, noise


def _tensor(name: str, g: Array, gaps: Array, sizes: Array) -> Tensor:
    relative = float((gaps / sizes).max())
    verdict: Verdict = "right" if relative <= PASS else "suspect" if relative <= FAIL else "wrong"
    missed = (0.8 * PASS / _SIZE_STATED) ** _DIRECTIONS
    coverage = (
        f"{len(gaps)} directions; an error of {_SIZE_STATED:.1%} of the tensor is missed with probability {missed:.0e}, "
        f"one of {_SIZE_STATED:.1%} of a single row with {0.8 * PASS / _SIZE_STATED:.0e}"
    )
    return Tensor(
        name, g.shape, verdict, relative, float(gaps.max()), zero=not g.any(), checked=len(gaps), coverage=coverage
    )


def smaller(
    subject: Subject, arrays: Arrays, data: Data, found: Roles | None, rng: np.random.Generator
) -> tuple[list[Array], list[Any], str] | None:
    """The problem with a few of its inputs only; None where the user's code does not run on it."""
    if found is None:
        return None
    x = found.x(data)
    chosen = np.sort(rng.permutation(x.shape[1])[:_INPUTS])
    fewer = list(data)
    fewer[found.inputs] = np.take(np.asarray(data[found.inputs]), chosen, axis=1 - found.inputs_axis)
    for extra in (0, 1):
        first = [(i, axis) for i, a in enumerate(arrays) for axis, n in enumerate(a.shape) if n == x.shape[1] + extra]
        if len(first) != 1:
            continue
        leaf, axis = first[0]
        kept = np.append(chosen, [x.shape[1]] * extra)
        reduced = [np.take(a, kept, axis=axis) if i == leaf else a for i, a in enumerate(arrays)]
        if is_large(reduced):
            return None
        try:
            subject.cost(reduced, fewer)
            subject.gradient(reduced, fewer)
        except Exception:
            return None
        return reduced, fewer, f"every entry was compared with {_INPUTS} of the {x.shape[1]} inputs, directions with all"
    return None


def joined(outcome: Check, full: Check) -> Check:
    """What was found on the smaller problem, with the full one's verdict where that is worse."""
    if outcome.right and not full.right:
        return replace(full, notes=outcome.notes)
    return replace(outcome, tensors=full.tensors if outcome.right else outcome.tensors, cost=full.cost)
