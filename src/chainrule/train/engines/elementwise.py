"""Activations, compiled: the function of one number comes from a component's record, the loop stands here, once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba.extending import overload

from chainrule.arrays import Array
from chainrule.nn import activations
from chainrule.train.engines.parts import PART, part

RECORDS = tuple(record for record in activations.COMPONENTS if record.kernel is not None)
"""Those that have a kernel; compiled code knows each by its place."""


def activate(kind: int, values: Array, n: int, lanes: int, slopes: Array) -> None:
    """h in place of s, and dh/ds into ``slopes``, of values (samples, lanes) and the activation of that place."""
    raise TypeError("activate is for compiled code only")


@overload(activate, jit_options=PART)
def _activate_of_type(kind: int, values: Any, n: int, lanes: int, slopes: Any) -> Any:
    real = np.dtype(values.dtype.name).type
    chosen = _nothing
    for place, record in enumerate(RECORDS):
        if record.kernel is not None:
            chosen = _one_or(place, _loop(record.kernel(real)), chosen)

    def of_kind(kind: int, values: Any, n: int, lanes: int, slopes: Any) -> None:
        chosen(kind, values, n, lanes, slopes)

    return of_kind


def _loop(function: Callable[[Any], tuple[Any, Any]]) -> Any:
    """Over all values, with a function of one."""
    element = part(function)

    @part
    def loop(values: Any, n: int, lanes: int, slopes: Any) -> None:
        for i in range(n):
            row, out = values[i, :lanes], slopes[i, :lanes]
            for v in range(lanes):
                row[v], out[v] = element(row[v])

    return loop


def _one_or(place: int, loop: Any, others: Any) -> Any:
    """The loop for the activation of that place, the others' for the rest."""

    @part
    def chosen(kind: int, values: Any, n: int, lanes: int, slopes: Any) -> None:
        if kind == place:
            loop(values, n, lanes, slopes)
        else:
            others(kind, values, n, lanes, slopes)

    return chosen


@part
def _nothing(kind: int, values: Any, n: int, lanes: int, slopes: Any) -> None:
    """Where there is no such activation."""
