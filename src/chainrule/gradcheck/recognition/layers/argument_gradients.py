"""The gradients of the arrays that the forward pass of a layer is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.recognition.layers import gradient_places
from chainrule.gradcheck.recognition.layers.backward import DOUT, LEFT, BackwardCall
from chainrule.gradcheck.recognition.layers.backward_run import BackwardRun
from chainrule.gradcheck.recognition.layers.kinds import LISTS
from chainrule.gradcheck.recognition.layers.own_gradients import OwnGradients
from chainrule.gradcheck.recognition.layers.places import ArrayPlace
from chainrule.gradcheck.recognition.layers.plans import CannotTryLayerError, LayerPlan


@dataclass(frozen=True)
class ArgumentGradients:
    """Where they stand.

    Attributes:
        standing: the expression of each array's gradient.
        by_shape: the arrays whose gradients no name says to be theirs, but a shape or the place in a row.
        of_something: what the backward pass gives of which it has to be known what it is of.
    """

    standing: Mapping[str, str]
    by_shape: tuple[str, ...]
    of_something: tuple[ArrayPlace, ...]


def argument_gradients(
    plan: LayerPlan, call: BackwardCall, ran: Mapping[str, Any], arrays: BackwardRun, own: OwnGradients
) -> ArgumentGradients:
    """Those after a run of the backward pass: by names, then in order, then by shapes.

    Raises:
        CannotTryLayerError: there is a gradient of whole numbers.
    """
    inputs, free = plan.call.inputs, _free(call, arrays, own)
    wanted = _wanted(plan, ran, free)
    if _inputs_are_whole(plan, ran) and gradient_places.by_name(inputs, free) is not None:
        raise CannotTryLayerError(f"it gives a gradient of {inputs}, which holds whole numbers")
    left = _left(arrays, own)
    by_names, called_otherwise = _by_names(inputs, wanted, free, left, _of_another(plan, call, wanted, free))
    in_order = _in_order(plan.call.together, arrays.given, by_names)
    standing = dict(in_order or by_names)
    nothing_named = not (standing or own.met) and inputs in wanted and not plan.layer.is_of_cost
    first = gradient_places.first_alike(inputs, ran[inputs], free) if nothing_named else {}
    standing |= first
    of_inputs = gradient_places.beside_inputs(ran[inputs], arrays.after, arrays.changed)
    if of_inputs and inputs in wanted and inputs not in standing:
        standing[inputs] = of_inputs[0].text
    alike = _alike(wanted, free, standing) if standing or own.met else {}
    standing |= alike
    if plan.layer.gives_state and own.own and _is_of_another_size(standing, inputs, ran, [*free, *left]):
        del standing[inputs]
    if call.derivative:
        standing = {name: f"{DOUT} * {text}" for name, text in standing.items()}
    if inputs in standing and call.across:
        standing[inputs] += ".T"
    by_shape = (*alike, *(() if in_order else called_otherwise), *first)
    tells_all = (plan.layer.takes_the_same or nothing_named) and not in_order
    return ArgumentGradients(standing, by_shape, tuple(free) if tells_all else ())


def _wanted(plan: LayerPlan, ran: Mapping[str, Any], free: Sequence[ArrayPlace]) -> dict[str, Array]:
    """The arrays that may have a gradient, the inputs first. What a loss gives in the shape of a state is the last one,
    with which the next steps begin, unless its name says that it is the gradient of the first."""
    kinds, inputs = plan.call.arrays, plan.call.inputs
    names = [inputs, *(name for name in kinds if name != inputs)]
    if plan.layer.is_of_cost:
        states = [name for name in names if kinds[name] in ("state", "cell")]
        names = [n for n in names if n not in states or gradient_places.by_name(n, free) is not None]
    return {
        name: ran[name]
        for name in names
        if kinds[name] not in ("labels", *LISTS) and np.asarray(ran[name]).dtype.kind == "f"
    }


def _free(call: BackwardCall, arrays: BackwardRun, own: OwnGradients) -> list[ArrayPlace]:
    """What the backward pass gives that is of no parameter of the object."""
    free = [p for p in arrays.given if not p.is_among(own.met.values())]
    returned = [p for p in free if not p.text.startswith(LEFT)]
    # What it returns beside a dictionary of gradients that it fills is no entry of this.
    return returned if call.fills and returned else free


def _left(arrays: BackwardRun, own: OwnGradients) -> list[ArrayPlace]:
    """What it leaves on the object that is of no parameter of that."""
    kept = {place.text for same in own.own.values() for place in same} | {p.text for p in own.updated}
    # The gradients of inner layers' inputs are not those of its own.
    return [p for p in arrays.changed if not (p.holder or p.text in kept or p.is_among(own.met.values()))]


def _by_names(
    inputs: str,
    wanted: Mapping[str, Array],
    free: Sequence[ArrayPlace],
    left: Sequence[ArrayPlace],
    of_another: Mapping[str, ArrayPlace],
) -> tuple[dict[str, str], list[str]]:
    """The expression of each array's gradient as names and the order say it, and the arrays whose gradients have names
    that say something else."""
    if len(of_another) == 1 and inputs not in of_another:
        # The first argument may be what the inputs are multiplied by.
        return {name: place.text for name, place in of_another.items()}, []
    standing = gradient_places.gradients(wanted, free, left)
    if len(standing) < len(free) and (row := gradient_places.in_a_row(wanted, free)):
        otherwise = [n for n, p in row.items() if p.key and gradient_places.by_name(n, [p]) is None]
        return {name: place.text for name, place in row.items()}, otherwise
    return standing, []


def _alike(
    wanted: Mapping[str, Array], free: Sequence[ArrayPlace], standing: Mapping[str, str]
) -> dict[str, str]:
    """The expressions of gradients that are told by their shapes, of the arrays that have none yet."""
    without = {name: array for name, array in wanted.items() if name not in standing}
    others = [p for p in free if p.text not in standing.values()]
    return {name: place.text for name, place in gradient_places.of_shapes(without, others).items()}


def _is_of_another_size(
    standing: Mapping[str, str], inputs: str, ran: Mapping[str, Any], among: Sequence[ArrayPlace]
) -> bool:
    """Whether what was taken for the gradient of the inputs has not as many entries."""
    place = next((p for p in among if p.text == standing.get(inputs)), None)
    return place is not None and place.array.size != np.size(ran[inputs])


def _of_another(
    plan: LayerPlan, call: BackwardCall, wanted: Mapping[str, Array], free: Sequence[ArrayPlace]
) -> dict[str, ArrayPlace]:
    """Of which array the only gradient is that a backward pass gives: of a derivative its name says it, as it has the
    shape of the output, whatever it is of; else its shape."""
    if len(free) != 1:
        return {}
    named = free[0]._replace(key=plan.layer.backward.returned)
    for name in wanted if call.derivative else ():
        if gradient_places.by_name(name, [named], by_role=False) is not None:
            return {name: named}
    return gradient_places.of_shapes(wanted, free)


def _in_order(
    together: Sequence[str], given: Sequence[ArrayPlace], standing: Mapping[str, str]
) -> dict[str, str]:
    """Those of arrays that one argument holds, where as many come back, or one of as many entries, and no name says
    that the order is another."""
    texts = [place.text for place in given]
    if len(given) == 1 and given[0].array.shape[:1] == (len(together),):
        texts = [f"{given[0].text}[{place}, ...]" for place in range(len(together))]
    pairs = list(zip(together, texts, strict=False)) if len(together) == len(texts) else []
    return dict(pairs) if all(standing.get(name, text) == text for name, text in pairs) else {}


def _inputs_are_whole(plan: LayerPlan, ran: Mapping[str, Any]) -> bool:
    """Whether the inputs are whole numbers, of which there is no gradient, or lists of them."""
    return (
        plan.call.arrays[plan.call.inputs] in LISTS or np.asarray(ran[plan.call.inputs]).dtype.kind in "iub"
    )
