"""The forms that the data part of a cost may have: loss, activation, batch norm and its eps, a mistake on the way.

What is right comes first, what is likely before what is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis import derivation
from chainrule.gradcheck.diagnosis.activations import OTHERS, RELU, PlainActivation
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet, Step
from chainrule.gradcheck.diagnosis.losses import GUARDED, LOSSES
from chainrule.gradcheck.diagnosis.mistakes import Mistake, forward

_EPSILONS = (*derivation.EPSILONS, 1e-15, 1e-16, 2.220446049250313e-16, 1e-2)
_LOG_EPSILONS = (1e-8, 1e-10, 1e-12, 1e-15, 1e-7, 1e-9, 1e-6, 1e-16)


@dataclass(frozen=True)
class Form:
    """A form of J_data.

    Attributes:
        loss: one of :data:`chainrule.gradcheck.diagnosis.losses.LOSSES`.
        eps: batch norm's, None without batch norm.
        mistake: a known one on the way, None if right.
        log_eps: what is added to the probabilities before their logarithm is taken.
        activation: between the layers.
        places: the layers in which the mistake is made; all where there are none.
    """

    loss: str
    eps: float | None
    mistake: Mistake | None = None
    log_eps: float = 0.0
    activation: PlainActivation = RELU
    places: tuple[int, ...] = ()

    def put_into(self, net: PlainNet) -> None:
        """Make a net one of this form, but for the steps."""
        net.loss, net.eps, net.activation = self.loss, self.eps, self.activation

    def steps(self, depth: int) -> dict[tuple[str, int], Step]:
        """The steps in which the form differs from the right derivation."""
        if self.log_eps:
            return {("loss", depth): partial(_log_of_more, eps=self.log_eps)}
        if self.mistake is None:
            return {}
        places = self.places or range(1, depth + 1)
        return {(self.mistake.step, layer): self.mistake.function for layer in places}


def right(layers: Sequence[PlainLayer]) -> Iterator[Form]:
    for eps in _epsilons(layers):
        for loss in _losses(layers):
            yield Form(loss, eps)


def other(layers: Sequence[PlainLayer]) -> Iterator[Form]:
    """With other activations than ReLU; with batch norm only where there is a gamma, and the usual epsilons."""
    if len(layers) > 1:
        for eps in derivation.EPSILONS[:3] if _has_scale(layers) else (None,):
            for activation in OTHERS:
                for loss in _losses(layers):
                    yield Form(loss, eps, activation=activation)


def guarded(layers: Sequence[PlainLayer]) -> Iterator[Form]:
    """Against the logarithm of 0 a small number is often added, which gradients leave out."""
    for eps, activation in _surroundings(layers):
        for loss in _losses(layers):
            for log_eps in _LOG_EPSILONS if loss in GUARDED else ():
                yield Form(loss, eps, None, log_eps, activation)


def _log_of_more(net: PlainNet, at: PlainLayer, eps: float) -> Array:
    """Losses with eps added to what the logarithm is taken of."""
    return GUARDED[net.loss](net.values["P"], net.targets, eps)


def mistaken(layers: Sequence[PlainLayer]) -> Iterator[Form]:
    for mistake in forward.in_a_cost():
        in_batch_norm = mistake.step in ("statistics", "scale_and_shift")
        for eps, activation in _surroundings(layers):
            if eps is not None or not in_batch_norm:
                for places in _places(mistake, layers):
                    for loss in _losses(layers):
                        yield Form(loss, eps, mistake, activation=activation, places=places)


def _places(mistake: Mistake, layers: Sequence[PlainLayer]) -> list[tuple[int, ...]]:
    """Where a cost makes a mistake: in every layer; a bias is left out in one alone as well."""
    return [(), *((at.index,) for at in layers if mistake.step == "affine")]


def _surroundings(layers: Sequence[PlainLayer]) -> Iterator[tuple[float | None, PlainActivation]]:
    """Batch norm's eps and the activation that may stand between the layers."""
    for eps in _epsilons(layers):
        yield eps, RELU
    if len(layers) > 1 and not _has_scale(layers):
        for activation in OTHERS:
            yield None, activation


def _losses(layers: Sequence[PlainLayer]) -> list[str]:
    """Those that fit the number of outputs."""
    several = len(layers[-1].W) > 1
    return [name for name, loss in LOSSES.items() if several or not loss.classes]


def _epsilons(layers: Sequence[PlainLayer]) -> list[float | None]:
    """The eps that batch norm may have, None for no batch norm; the likeliest first."""
    if len(layers) == 1:
        return [None]
    return [*_EPSILONS] if _has_scale(layers) else [None, *_EPSILONS]


def _has_scale(layers: Sequence[PlainLayer]) -> bool:
    return any(at.gamma is not None for at in layers)
