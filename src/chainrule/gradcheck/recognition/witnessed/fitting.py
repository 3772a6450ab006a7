"""Whether a pair can be held against each other: at several points, with nothing drawn at random between them."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.random import default_rng

from chainrule.gradcheck.recognition import clipping
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.data_names import DataNames
from chainrule.gradcheck.recognition.fitness import fitness
from chainrule.gradcheck.recognition.witnessed.adapters import Adapters
from chainrule.gradcheck.recognition.witnessed.other_steps import may_be_meant
from chainrule.gradcheck.recognition.witnessed.pairs import Pair

_ENOUGH = 0.5
"""The part of the parameters whose gradients agree where shapes alone tell which is whose."""


class FittingPair(NamedTuple):
    """A pair that runs.

    Attributes:
        pair: it.
        agrees: whether the gradient is that of the cost.
        note: that the gradient is clipped; empty where it is not.
    """

    pair: Pair
    agrees: bool
    note: str = ""


class _CannotCompareError(Exception):
    """A cost or a gradient does not run with the parameters that it is given, or is clipped there."""


def fitting(pair: Pair, namespace: dict[str, Any], seed: int) -> FittingPair | None:
    """A pair that can be compared, with few samples where that tells no less; None where it does not run, where the
    gradient is clipped though the parameters are small, or where a guess alone would call it wrong."""
    with_few = None
    if pair.of_few is not None:
        with_few = _with_small_parameters(pair._replace(adapters=pair.of_few), namespace, seed)
    if with_few is not None and (with_few.agrees or not pair.may_know_size):
        return with_few
    # A size may be written into the file's code.
    with_all = _with_small_parameters(pair, namespace, seed)
    return with_few if with_few is not None and with_all is not None and not with_all.agrees else with_all


def _with_small_parameters(pair: Pair, namespace: dict[str, Any], seed: int) -> FittingPair | None:
    """A pair that can be compared, with small parameters where it cannot with others: not where it disagrees with
    these, as what bends is straight where they are small enough."""
    try:
        try:
            return _fitting(pair, namespace, seed)
        except _CannotCompareError:
            smaller = Adapters(pair.adapters.smaller, drawn="", smaller="")
            return _fitting(pair._replace(adapters=smaller), namespace, seed)
    except Exception:
        # Whatever it raises: it is not called so.
        return None


def _fitting(pair: Pair, namespace: dict[str, Any], seed: int) -> FittingPair | None:
    """A pair that can be compared; None where a guess alone would call its gradient wrong.

    Raises:
        _CannotCompareError: it does not run, or the gradient is clipped.
    """
    program = declared(pair.adapters.text, namespace, default_rng(seed))
    fit = fitness(program, DataNames(), seed)
    if fit is None or not fit.runs:
        raise _CannotCompareError
    bound = clipping.bound(program, with_large_parameters=True)
    if bound is not None and clipping.is_reached(program, bound):
        raise _CannotCompareError
    if not fit.agrees and clipping.may_be_reached(program):
        raise _CannotCompareError
    convicts = not pair.is_doubtful and (pair.is_told or fit.share >= _ENOUGH)
    if not fit.agrees and (not convicts or (pair.has_other_rates and may_be_meant(program, seed))):
        return None
    return FittingPair(pair, fit.agrees, f"the gradient is {bound.words}" if bound is not None else "")
