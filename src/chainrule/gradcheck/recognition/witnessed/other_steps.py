"""Steps that are not those of their cost alone, and are meant so: with a rate of their own for each parameter, or with
a decay of which the cost knows nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.names import l2_name
from chainrule.gradcheck.program.signatures import Function

_RATE = re.compile(r"(^|_)(lr|eta|l?rate)(_|\d|$)|learning_?rate")
_OTHER = re.compile(r"decay|(^|_)wd(_|$)|smooth")

_STEP, _CLOSE = 1e-6, 1e-4
_MORE = 3
"""Along how many more directions a step is looked at than there are numbers that explain it."""


def knows_other_rates(stepping: Iterable[Function], of_cost: Iterable[Function]) -> bool:
    """Whether functions that take a step read names of several rates, or of what makes it another one than that of the
    cost alone: a decay, smoothed labels, a penalty that those of the cost do not read.

    >>> knows_other_rates([Function("step", (), reads=frozenset(("lr_w", "lr_b")))], [])
    True
    """
    names, others = _read_by(stepping), _read_by(of_cost)
    penalty = l2_name(sorted(names - others))
    several = sum(_RATE.search(name) is not None for name in names) > 1
    return several or penalty is not None or any(map(_OTHER.search, names))


def _read_by(functions: Iterable[Function]) -> set[str]:
    return {name.lower() for f in functions for name in (*f.reads, *f.attributes.reads)}


def may_be_meant(program: LocalProgram, seed: int) -> bool:
    """Whether what is taken from each parameter is a positive number times its gradient, and another times itself that
    makes it no larger."""
    given = program.describe()
    gradients = program.gradient(given.arrays, given.data).arrays
    if [g.shape for g in gradients] != [a.shape for a in given.arrays]:
        return False
    return all(_is_explained(program, place, gradient, seed) for place, gradient in enumerate(gradients))


def _is_explained(program: LocalProgram, place: int, gradient: Array, seed: int) -> bool:
    given = program.describe()
    # Of rows that are not picked none decay.
    own = given.arrays[place] * (np.real(gradient) != 0)
    rng = np.random.default_rng(seed)
    ways = [rng.normal(size=own.shape) for _ in range(2 + _MORE)]
    slopes = [_slope(program, place, way) for way in ways]
    said = np.array([np.vdot(way, np.real(gradient)) for way in ways])
    causes = np.array([[slope, np.vdot(way, own)] for slope, way in zip(slopes, ways, strict=True)])
    if own.size <= causes.shape[1]:
        # Of so few entries anything is explained so, but for another sign.
        return bool(np.vdot(said, causes[:, 0]) > 0)
    factors = np.linalg.lstsq(causes, said, rcond=None)[0]
    left = np.abs(causes @ factors - said).max()
    decays = factors[1] >= -_CLOSE * abs(factors[0])
    return bool(factors[0] > 0 and decays and left <= _CLOSE * np.abs(said).max(initial=0.0))


def _slope(program: LocalProgram, place: int, way: Array) -> float:
    """How fast the cost changes with one parameter along a direction."""
    given = program.describe()
    direction = [way if i == place else np.zeros_like(a) for i, a in enumerate(given.arrays)]
    ahead, behind = program.along(given.arrays, given.data, direction, np.array([_STEP, -_STEP]))
    return float(np.real(ahead - behind)) / (2 * _STEP)
