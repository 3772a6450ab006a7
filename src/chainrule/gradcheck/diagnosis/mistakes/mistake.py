"""A mistake: a step of the derivation done wrong, and what it is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chainrule.arrays import Array
from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.diagnosis import derivation
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet, Step


class NotHere(Exception):
    """The mistake cannot be made at this layer."""


IMPOSSIBLE = (NotHere, ValueError, IndexError, AttributeError)
"""What a mistake raises at a layer where nobody can have made it: it says so, or shapes do not fit, or a value that
it takes is not there."""


@dataclass(frozen=True)
class Mistake:
    """One way to get a step wrong.

    Attributes:
        bug: which one it is.
        step: the step's, in :data:`chainrule.gradcheck.diagnosis.derivation.RIGHT`.
        function: what stands in for the step.
        words: what to say of it; ``{samples}`` stands for N.
        repair: where it is another than the bug's usual one.
    """

    bug: Bug
    step: str
    function: Step
    words: str
    repair: str = ""

    def said(self, net: PlainNet) -> str:
        """Its words, for one net."""
        return self.words.format(samples=net.samples)


def fitting(value: Array, like: Array) -> Array:
    """``value``, which must have the shape of ``like``."""
    if value.shape != like.shape:
        raise NotHere
    return value


def value_of(layer: PlainLayer, kind: str) -> Array:
    """A value that stands at a layer once both ways have been gone."""
    if kind not in layer.values:
        raise NotHere
    return layer.values[kind]


def beside(net: PlainNet, layer: PlainLayer, offset: int) -> PlainLayer:
    """The layer so many above, or below where ``offset`` is negative."""
    place = layer.index - 1 + offset
    if not 0 <= place < len(net.layers):
        raise NotHere
    return net.layers[place]


def scaled(step: str, factor: Callable[[PlainNet], float]) -> Step:
    """A step with a factor too many."""
    return lambda net, layer: factor(net) * derivation.RIGHT[step](net, layer)


def kinked(function: Step) -> Step:
    """The step where the activation is ReLU, leaky or not."""
    return _where(lambda net: net.activation.below is not None, function)


def smooth(function: Step) -> Step:
    """The step where the activation has a derivative everywhere."""
    return _where(lambda net: net.activation.below is None, function)


def _where(holds: Callable[[PlainNet], bool], function: Step) -> Step:
    def step(net: PlainNet, layer: PlainLayer) -> Array:
        if not holds(net):
            raise NotHere
        value: Array = function(net, layer)
        return value

    return step
