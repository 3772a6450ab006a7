"""Where the gradients of a layer stand once its backward pass has run on what the forward pass has left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chainrule.gradcheck.recognition.layers.argument_gradients import argument_gradients
from chainrule.gradcheck.recognition.layers.backward import BackwardCall
from chainrule.gradcheck.recognition.layers.backward_run import run_backward
from chainrule.gradcheck.recognition.layers.own_gradients import OwnGradients, own_gradients
from chainrule.gradcheck.recognition.layers.places import ArrayPlace, shape_of
from chainrule.gradcheck.recognition.layers.plans import CannotTryLayerError, LayerPlan, NoGradientError


@dataclass(frozen=True)
class LayerGradients:
    """Where the gradients stand after a call of the backward pass.

    Attributes:
        own: the parameters that the object holds, each with all places where it keeps it.
        expressions: of each array's gradient.
        by_update: the arrays whose gradient is what the backward pass has taken from them.
        rates: of those of them that are taken from with a rate of its own, written there, this.
        unknown: the arrays that it changes by a rate that is not known.
        unseen: the parameters of which there is none.
        by_shape: the expression of the gradient of each parameter where its shape alone says that it is one.
        unread: what the gradient of a cost, or of a layer that names none, gives beside them, of which it is not known
            what it is of.
        idle: the parameters with which the output does not change, though some gradient is given of them.
        factor: what the gradients of the parameters are multiplied by, as they are means, ``7 * ``; empty where by
            nothing.
    """

    own: Mapping[str, list[ArrayPlace]]
    expressions: Mapping[str, str]
    by_update: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    factor: str = ""
    unseen: tuple[str, ...] = ()
    by_shape: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    rates: Mapping[str, str] = field(default_factory=dict)

    def without(self, names: Collection[str]) -> LayerGradients:
        """The same without those of some of the object's parameters, with which the output does not change."""
        return replace(self._left_out(names), idle=(*self.idle, *names))

    def of_unknown_rate(self, names: Collection[str]) -> LayerGradients:
        """The same without those of parameters from which steps are taken by a rate that is not known."""
        return replace(self._left_out(names), unknown=(*self.unknown, *names))

    def _left_out(self, names: Collection[str]) -> LayerGradients:
        return replace(
            self,
            own={name: same for name, same in self.own.items() if name not in names},
            expressions={name: text for name, text in self.expressions.items() if name not in names},
            by_update=tuple(name for name in self.by_update if name not in names),
            by_shape={name: text for name, text in self.by_shape.items() if name not in names},
        )


def layer_gradients(
    plan: LayerPlan, call: BackwardCall, ran: dict[str, Any], namespace: dict[str, Any]
) -> Iterator[LayerGradients]:
    """The gradients after a call of the backward pass: as they come, and as means over the samples.

    Args:
        ran: what the names of an adapter stand for once the forward pass has run; what the backward pass does shows
            in it.

    Raises:
        CannotTryLayerError: there are none.
        Exception: what the backward pass raises where it is called otherwise.
    """
    arrays = run_backward(plan, call, ran, namespace)
    own = own_gradients(plan, call, ran, arrays)
    of_arguments = argument_gradients(plan, call, ran, arrays, own)
    standing = {**of_arguments.standing, **own.expressions}
    if not standing:
        several = any(place.array.ndim for place in arrays.given)
        words = "returns arrays whose parameters cannot be told" if several else "gives no gradient"
        raise NoGradientError(f"its backward pass {words}")
    _require_all_named(plan, arrays.given, standing)
    unread = tuple(_unread(of_arguments.of_something, own, standing))
    by_shape = [name for name in (*own.by_shape, *of_arguments.by_shape) if name in standing]
    inputs = plan.call.inputs
    for factor in ("", *_factors(plan, ran, standing)):
        expressions = {n: text if n == inputs else f"{factor}{text}" for n, text in standing.items()}
        yield LayerGradients(
            own.own,
            expressions,
            own.by_update,
            own.unknown,
            factor,
            own.unseen,
            {name: expressions[name] for name in by_shape},
            unread,
            rates=own.rates,
        )


def _unread(given: Iterable[ArrayPlace], own: OwnGradients, standing: Mapping[str, str]) -> Iterator[str]:
    """The expressions of what is given that is read as no gradient."""
    for place in given:
        # What an object keeps as well it may give.
        is_kept = any(place.array is gradient.array for gradient in own.met.values())
        if not is_kept and place.text not in standing.values():
            yield place.text


def _factors(plan: LayerPlan, ran: Mapping[str, Any], standing: Mapping[str, str]) -> list[str]:
    """What the gradients of a layer's parameters may be multiplied by, as they may be means over the samples."""
    is_loss, inputs = plan.call.is_loss or plan.layer.is_of_cost, plan.call.inputs
    number = plan.samples or _samples_by_output(ran, inputs)
    of_parameters = not is_loss and any(name != inputs for name in standing)
    return [f"{number} * "] if of_parameters and number > 1 else []


def _samples_by_output(ran: Mapping[str, Any], inputs: str) -> int:
    """How many samples inputs hold whose shape was found by trying: as many as the output, along the same axis; 0 where
    that cannot be told."""
    shape, output = shape_of(ran[inputs]), shape_of(ran["put_out"])
    same = [axis for axis in (0, -1) if len(shape) == len(output) > 1 and shape[axis] == output[axis]]
    return shape[same[0]] if len(same) == 1 else 0


def _require_all_named(plan: LayerPlan, given: Sequence[ArrayPlace], standing: Mapping[str, str]) -> None:
    """Refuse a layout in which a gradient that comes under the name of an argument is not one of its shape.

    Raises:
        CannotTryLayerError: there is one.
    """
    arguments = {argument.name for argument in plan.layer.forward.arguments}
    left = {place.key for place in given} & arguments - set(standing)
    if plan.layer.is_of_cost and left:
        raise CannotTryLayerError(
            f"the gradient of {', '.join(sorted(left))} has another shape than what it is of"
        )
