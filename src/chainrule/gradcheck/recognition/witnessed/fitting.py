"""Whether a pair can be held against each other: at several points, with nothing drawn at random between them."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.random import default_rng

from chainrule.gradcheck.program.limited import OutOfTimeError, limited
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.data_names import DataNames
from chainrule.gradcheck.recognition.draws import draws, draws_alike
from chainrule.gradcheck.recognition.fitness import fitness
from chainrule.gradcheck.recognition.witnessed.pairs import Pair

_ENOUGH = 0.5
"""The part of the parameters whose gradients agree where shapes alone tell which is whose."""


class FittingPair(NamedTuple):
    """A pair that runs.

    Attributes:
        pair: it.
        agrees: whether the gradient is that of the cost.
    """

    pair: Pair
    agrees: bool


def fitting(pair: Pair, namespace: dict[str, Any], seed: int) -> FittingPair | None:
    """A pair that can be compared; None where it does not run, where cost and gradient draw other numbers, or where a
    guess alone would call it wrong."""
    try:
        with limited():
            program = declared(pair.text, namespace, default_rng(seed))
            given = program.describe()
            if program.cost(given.arrays, given.data) != program.cost(given.arrays, given.data):
                return None
            fit = fitness(program, DataNames(), seed)
            if fit is None or not fit.runs:
                return None
            if not fit.agrees and draws(program) and not draws_alike(program):
                return None
    except (Exception, OutOfTimeError):
        # Whatever it raises: it is not called so.
        return None
    convicts = pair.is_told or fit.share >= _ENOUGH
    return FittingPair(pair, fit.agrees) if fit.agrees or convicts else None
