"""Threads that share one step: who does which part of it, and how they wait for one another, compiled.

Every thread runs the same code with a number of its own. :func:`together` starts them, once for many steps; inside
they meet at :func:`wait`.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

import llvmlite.binding
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, register_jitable
from numpy.typing import NDArray

from chainrule.train.engines.parts import PART, part

PartResult = TypeVar("PartResult")


class Team(NamedTuple):
    """One of several threads.

    Attributes:
        number: which.
        size: how many.
        thread: which it is of all, where it is alone; else ``number``.
        arrivals: (1,), how often any of them came to :func:`wait`; all have the same.
        turns: (1,), how often this one did.
    """

    number: int
    size: int
    thread: int
    arrivals: NDArray[np.int64]
    turns: NDArray[np.int64]


def together(size: int, task: Callable[[Team], PartResult]) -> list[PartResult]:
    """What ``task`` gives in each of so many threads, of which this one is the first.

    Where it fails in one of them, the others wait for it no longer: what they give then is worth nothing, and the error
    is raised here.

    >>> together(3, lambda team: team.number)
    [0, 1, 2]
    """
    arrivals = np.zeros(1, np.int64)

    def one(number: int) -> PartResult:
        try:
            return task(Team(number, size, number, arrivals, np.zeros(1, np.int64)))
        except BaseException:
            arrivals[0] = _ALL_ARRIVED
            raise

    if size == 1:
        return [one(0)]
    with ThreadPoolExecutor(size - 1) as pool:
        try:
            others = [pool.submit(one, number) for number in range(1, size)]
            return [one(0), *(other.result() for other in others)]
        except BaseException:
            arrivals[0] = _ALL_ARRIVED
            raise


_ALL_ARRIVED = 2**62


@register_jitable(**PART)
def alone(team: Team) -> Team:
    """A team of this thread alone, which waits for nobody."""
    return Team(0, 1, team.thread, team.turns, team.turns)


@part
def wait(team: Team) -> None:
    """Until all of the team are here: what any of them wrote before, all can read."""
    if team.size == 1:
        return
    team.turns[0] += 1
    _arrive(team.arrivals)  # type: ignore[call-arg]
    tries = 0
    while _arrived(team.arrivals) < team.turns[0] * team.size:
        tries += 1
        if tries > _TRIES:
            # Another may be waiting for this core.
            _yield()


_TRIES = 2000


def _give_way() -> Any:
    """The system's function by which a thread leaves its core to another."""
    if sys.platform == "win32":
        return ctypes.windll.kernel32.SwitchToThread
    return ctypes.CDLL(None).sched_yield


llvmlite.binding.add_symbol("chainrule_yield", ctypes.cast(_give_way(), ctypes.c_void_p).value)
_yield = types.ExternalFunction("chainrule_yield", types.int32())


@intrinsic
def _arrive(typing: Any, arrivals: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.atomic_rmw("add", place, ir.IntType(64)(1), "seq_cst")

    return types.int64(arrivals), code


@intrinsic
def _arrived(typing: Any, arrivals: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.load_atomic(place, "seq_cst", 8)

    return types.int64(arrivals), code
