"""The gradients of the parameters that the object of a layer holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chainrule.gradcheck.program.names import PARAMETER_ROLES, is_rate
from chainrule.gradcheck.recognition.layers import gradient_places, places
from chainrule.gradcheck.recognition.layers.backward import BackwardCall
from chainrule.gradcheck.recognition.layers.backward_run import BackwardRun
from chainrule.gradcheck.recognition.layers.places import ArrayPlace, shape_of
from chainrule.gradcheck.recognition.layers.plans import CannotTryLayerError, LayerPlan
from chainrule.gradcheck.recognition.layers.written_rates import written_rates


@dataclass(frozen=True)
class OwnGradients:
    """Where they stand.

    Attributes:
        own: the parameters, each with all places where the object keeps it.
        met: the gradients, by the parameters' names; of those that the backward pass changes there may be none.
        by_shape: the parameters whose gradients no name says to be such, but their shapes.
        updated: the places of parameters that the backward pass changes.
        unknown: the parameters that it changes by a rate that is not known.
        unseen: the parameters of which there is no gradient.
        rates: of those that it changes by a rate of its own, written there, this.
    """

    own: Mapping[str, list[ArrayPlace]]
    met: Mapping[str, ArrayPlace]
    by_shape: tuple[str, ...]
    updated: tuple[ArrayPlace, ...]
    unknown: tuple[str, ...]
    unseen: tuple[str, ...]
    rates: Mapping[str, str]

    @property
    def by_update(self) -> tuple[str, ...]:
        """The parameters whose gradients are what the backward pass takes from them."""
        return tuple(name for name in self.own if name not in self.met)

    @property
    def expressions(self) -> dict[str, str]:
        """Of each gradient."""
        given = {name: self.met[name].text for name in self.own if name in self.met}
        taken = {name: f"({name} - {self.own[name][0].text})" for name in self.by_update}
        return given | {
            n: f"{text} / {self.rates[n]}" if n in self.rates else text for n, text in taken.items()
        }


def own_gradients(
    plan: LayerPlan, call: BackwardCall, ran: Mapping[str, Any], arrays: BackwardRun
) -> OwnGradients:
    """Those after a run of the backward pass, by names; where these do not say, by shapes.

    Raises:
        CannotTryLayerError: a part of a parameter is held apart.
    """
    made, given, changed, after = arrays
    updated = [p for p in changed if p.is_among(made) and not p.is_gradient]
    has_rate = call.takes_rate or plan.made.descends or any(is_rate(name) for name, _ in plan.put)
    rates = {} if has_rate else written_rates(plan.layer, plan.file)
    stepped = [p for p in updated if has_rate or (p.is_attribute and p.name in rates)]
    own, met = gradient_places.parameters(made, [*given, *changed], stepped, list(plan.call.arrays))
    # What has the shape of the inputs is their gradient sooner.
    beside = [p for p in given if p.array.shape != shape_of(ran[plan.call.inputs]) and p.text.count("[") <= 1]
    guessed = gradient_places.by_shape(made, [*changed, *beside], list(_known(own, met)))
    for name, (parameter, gradient) in guessed.items():
        own[name], met[name] = _places_of(parameter, made), gradient
    mine = [p for p in after if p.name not in plan.layer.left_to_others]
    left = gradient_places.left_as_made(made, mine, [*_known(own, met), *updated])
    for name, (parameter, gradient) in left.items():
        if name not in (*own, *plan.call.arrays):
            guessed[name] = parameter, gradient
            own[name], met[name] = _places_of(parameter, made), gradient
    met |= {
        n: g._replace(text=f"{g.text}.T", array=g.array.T)
        for n, g in met.items()
        if _is_turned(g, own[n][0], plan)
    }
    by_shape = tuple(name for name, (_, gradient) in guessed.items() if not gradient.is_gradient)
    if other := places.part_of_another(own, made):
        raise CannotTryLayerError(f"{other} lies in the memory of a parameter, as a part of it does")
    unknown = tuple(p.name for p in updated if p.role in PARAMETER_ROLES and not p.is_among(stepped))
    return OwnGradients(own, met, by_shape, tuple(updated), unknown, _unseen(made, own, unknown), rates)


def _is_turned(gradient: ArrayPlace, parameter: ArrayPlace, plan: LayerPlan) -> bool:
    """Whether what the class takes the transpose of where it takes its step is of the shape of one for a parameter."""
    passes = (plan.layer.forward.name, plan.layer.backward.name)
    places = (plan.layer.owner, *plan.file.bases.get(plan.layer.owner, ()))
    others = [f for f in plan.file.functions if f.owner in places and f.name not in passes]
    turned = gradient.is_attribute and any("T" in f.fields.get(f".{gradient.words[-1]}", ()) for f in others)
    return turned and gradient.array.shape != parameter.array.shape == gradient.array.T.shape


def _known(own: Mapping[str, list[ArrayPlace]], met: Mapping[str, ArrayPlace]) -> Iterator[ArrayPlace]:
    """The places of parameters and gradients that are known."""
    yield from (place for same in own.values() for place in same)
    yield from met.values()


def _places_of(parameter: ArrayPlace, made: list[ArrayPlace]) -> list[ArrayPlace]:
    """All places where an object keeps the array of one."""
    return [place for place in made if place.array is parameter.array]


def _unseen(
    made: list[ArrayPlace], own: Mapping[str, list[ArrayPlace]], unknown: tuple[str, ...]
) -> tuple[str, ...]:
    """The parameters of which there is no gradient."""
    others = (p for p in made if p.role in PARAMETER_ROLES and not p.is_gradient)
    held = [p.array for same in own.values() for p in same]
    return tuple(
        p.name
        for p in others
        if p.name not in (*own, *unknown) and not any(p.array is array for array in held)
    )
