"""Activations and optimizers, compiled: functions of one number come from components' records, the loops stand here.

A loop with its function is compiled and kept by itself, where a training uses it, and called by its address, for a tile
at a time. So what is compiled before the first step does not grow with the components that there are.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import numpy as np
from numba import types
from numpy.typing import DTypeLike

from chainrule.components import ACTIVATIONS, OPTIMIZERS
from chainrule.components.kinds import Activation, Optimizer
from chainrule.train.engines import exponential  # noqa: F401 - what kernels call
from chainrule.train.engines.calls import taken
from chainrule.train.engines.parts import called, part

MOVES, RATE, PENALTY, DECAY, KEPT, CUT, OWN = range(7)
"""A step's numbers of a member: whether it moves at all, its rate, 2 l2, what a weight loses of itself apart from the
gradient, what the mean of its weights keeps of itself, what its gradient is multiplied by to be no longer than it may
be, and from there on the optimizer's."""


def activation(record: Activation, dtype: DTypeLike) -> int:
    """The address of h in place of s, and dh/ds into ``slopes``, of values (samples, lanes)."""
    return int(_activation(record, np.dtype(dtype).name).address)


@functools.cache
def _activation(record: Activation, dtype: str) -> Any:
    assert record.kernel is not None
    element = part(record.kernel(np.dtype(dtype).type))

    @called(Path(__file__), f"activation_{record.name}", dtype, taken("activation", _tile(dtype)), apart=True)
    def activated(values: Any, n: int, lanes: int, slopes: Any) -> None:
        for i in range(n):
            row, out = values[i, :lanes], slopes[i, :lanes]
            for v in range(lanes):
                row[v], out[v] = element(row[v])

    return activated


def update(record: Optimizer, averaged: bool, dtype: DTypeLike) -> int:
    """The address of an update of parameters (rows, lanes), of the words beside them, and of their mean."""
    return int(_update(record, averaged, np.dtype(dtype).name).address)


@functools.cache
def _update(record: Optimizer, averaged: bool, dtype: str) -> Any:
    assert record.kernel is not None
    real = np.dtype(dtype).type
    element, words = part(record.kernel(real)), len(record.state)
    one, nothing, has_first, has_second = real(1), real(0), words > 0, words > 1
    name = f"optimizer_{record.name}{'_averaged' * averaged}"

    @called(Path(__file__), name, dtype, taken("update", _tile(dtype)), apart=True)
    def updated(
        p: Any, gradient: Any, first: Any, second: Any, mean: Any, numbers: Any, of_weights: bool, lanes: int
    ) -> None:
        share, own = one if of_weights else nothing, numbers[OWN:]
        for i in range(len(p)):
            row, slope = p[i, :lanes], gradient[i, :lanes]
            a, b, middle = first[i, :lanes], second[i, :lanes], mean[i, :lanes]
            for v in range(lanes):
                moves, old = numbers[MOVES, v] > nothing, row[v]
                g = numbers[CUT, v] * (slope[v] + share * numbers[PENALTY, v] * old)
                change, new_a, new_b = element(numbers[RATE, v], own, v, g, a[v], b[v])
                new = old - share * numbers[DECAY, v] * old + change if moves else old
                row[v] = new
                if has_first:
                    a[v] = new_a if moves else a[v]
                if has_second:
                    b[v] = new_b if moves else b[v]
                if averaged:
                    kept = numbers[KEPT, v]
                    middle[v] = kept * middle[v] + (one - kept) * new if moves else middle[v]

    return updated


def ready(dtype: DTypeLike) -> None:
    """Compile all loops, or load those that were compiled before."""
    for record in ACTIVATIONS.values():
        if record.kernel is not None and not ACTIVATIONS.is_own(record):
            activation(record, dtype)
    for optimizer in OPTIMIZERS.values():
        if optimizer.kernel is not None and not OPTIMIZERS.is_own(optimizer):
            for averaged in (False, True):
                update(optimizer, averaged, dtype)


def _tile(dtype: str) -> types.Array:
    return types.Array(getattr(types, dtype), 2, "C")
