"""Arrays that an object begins with as copies of its parameters, ``self.W_T = self.W.T.copy()``: where it is given
other parameters they stay as they were, so that what is made of them may be wrong for that alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from chainrule.gradcheck.program.local import LocalProgram

_STEP, _CLOSE = 1e-6, 1e-4


def doubt_of_copies(held: Mapping[str, Any], put: Mapping[str, Any]) -> str:
    """Why a gradient that does not agree may be right, in words; empty where there are no such arrays.

    Args:
        held: what the passes read and what stays as it was.
        put: the parameters that are given other values, as they begin.

    >>> W = np.arange(6.0).reshape(2, 3)
    >>> doubt_of_copies({"zeros": np.zeros((2, 3)), "W_T": W.T.copy()}, {"W": W})
    'it reads W_T, which begins as a copy of W and may have to follow it'
    """
    pairs = ((name, of) for name, array in held.items() for of in _originals(array, put))
    name, of = next(iter(pairs), ("", ""))
    return f"it reads {name}, which begins as a copy of {of} and may have to follow it" if name else ""


def agrees_elsewhere(program: LocalProgram, seed: int) -> bool:
    """Whether a gradient is right along a direction where all parameters have other values, as it is beside copies that
    are meant to stay: those of a net that is held fast."""
    given, rng = program.describe(), np.random.default_rng((seed, 3))
    arrays, ways = ([rng.normal(size=array.shape) for array in given.arrays] for _ in range(2))
    returned = program.gradient(arrays, given.data)
    by_name = dict(zip(returned.names, returned.arrays, strict=True))
    said = [by_name.get(n, g) for n, g in zip(given.names, returned.arrays, strict=False)]
    if [g.shape for g in said] != [array.shape for array in arrays]:
        return False
    above, below = program.along(arrays, given.data, ways, np.array([_STEP, -_STEP]))
    slope = float(np.real(above - below)) / (2 * _STEP)
    return bool(
        np.isclose(sum(float(np.vdot(v, g)) for v, g in zip(ways, said, strict=True)), slope, rtol=_CLOSE)
    )


def _originals(array: Any, put: Mapping[str, Any]) -> Iterable[str]:
    """The names of the arrays that one holds the same values as, also transposed; none where its own are all alike."""
    if not isinstance(array, np.ndarray) or array.size < 2 or np.all(array == array.flat[0]):
        return []
    return [of for of, other in put.items() if np.array_equal(array, other) or np.array_equal(array.T, other)]
