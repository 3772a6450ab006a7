"""A mistake: a step of the derivation done wrong, and what it is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chainrule.gradcheck.diagnosis import net as right
from chainrule.gradcheck.diagnosis.net import Net, Step
from chainrule.gradcheck.leaves import Array


class NotHere(Exception):
    """The mistake cannot be made at this layer."""


@dataclass(frozen=True)
class Mistake:
    """One way to get a step wrong: the cause's name, the step, what stands in for it, what to say of it, and the
    repair where it is another than the cause's usual one."""

    cause: str
    step: str
    function: Step
    words: str
    repair: str = ""


def fitting(value: Array, like: Array) -> Array:
    """``value``, if it has the shape of ``like`` and is not the same."""
    if value.shape != like.shape:
        raise NotHere
    return value


def scaled(step: str, factor: Callable[[Net], float]) -> Step:
    """A step with a factor too many."""
    return lambda net, at: factor(net) * right.RIGHT[step](net, at)
