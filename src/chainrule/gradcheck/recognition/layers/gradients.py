"""Where the gradients of a layer stand once its backward pass has run on what the forward pass has left."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.function_names import is_cost
from chainrule.gradcheck.program.names import PARAMETER_ROLES, is_rate
from chainrule.gradcheck.recognition.layers import gradient_places, places
from chainrule.gradcheck.recognition.layers.adapter_names import OUT
from chainrule.gradcheck.recognition.layers.backward import DOUT, LEFT, BackwardCall
from chainrule.gradcheck.recognition.layers.kinds import LISTS
from chainrule.gradcheck.recognition.layers.pairs import names_given
from chainrule.gradcheck.recognition.layers.places import ArrayPlace
from chainrule.gradcheck.recognition.layers.plans import (
    HANDED,
    CannotTryLayerError,
    LayerPlan,
    NoGradientError,
    quietly,
)
from chainrule.gradcheck.recognition.layers.same_keys import sharing, told_apart


@dataclass(frozen=True)
class LayerGradients:
    """Where the gradients stand after a call of the backward pass.

    Attributes:
        own: the parameters that the object holds, each with all places where it keeps it.
        expressions: of each array's gradient.
        by_update: the arrays whose gradient is what the backward pass has taken from them.
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

    def without(self, names: Collection[str]) -> LayerGradients:
        """The same without those of some of the object's parameters, with which the output does not change."""
        return replace(
            self,
            idle=(*self.idle, *names),
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
    made = places.of_object(ran["made"], "layer") if plan.made.text else []
    made = places.called_as(made, ran.get(HANDED, {}))
    before = [p._replace(array=p.array.copy()) for p in places.of_object(ran.get("layer"), "layer")]
    given = gradient_places.named_in_pairs(_given(plan, call, ran, namespace), made)
    made += places.numbers(ran.get("made"), given)
    after = places.of_object(ran.get("layer"), "layer")
    changed = places.changed(before, after)
    shared = sharing(made, [*given, *changed])
    made, given, changed, after = (told_apart(each, shared) for each in (made, given, changed, after))
    updated = [p for p in changed if p.is_among(made) and not p.is_gradient]
    has_rate = call.takes_rate or plan.made.descends or any(is_rate(name) for name, _ in plan.put)
    own, met = gradient_places.parameters(
        made, [*given, *changed], updated if has_rate else [], list(plan.call.arrays)
    )
    known = [*(p for same in own.values() for p in same), *met.values()]
    # What has the shape of the inputs is their gradient sooner.
    beside = [p for p in given if p.array.shape != np.shape(ran[plan.call.inputs]) and p.text.count("[") <= 1]
    guessed = gradient_places.by_shape(made, [*changed, *beside], known)
    for name, (parameter, gradient) in guessed.items():
        own[name], met[name] = [p for p in made if p.array is parameter.array], gradient
    known = [*(p for same in own.values() for p in same), *met.values(), *updated]
    mine = [p for p in after if p.name not in plan.layer.left_to_others]
    for name, (parameter, gradient) in gradient_places.left_as_made(made, mine, known).items():
        if name not in (*own, *plan.call.arrays):
            guessed[name] = parameter, gradient
            own[name], met[name] = [p for p in made if p.array is parameter.array], gradient
    if other := places.part_of_another(own, made):
        raise CannotTryLayerError(f"{other} lies in the memory of a parameter, as a part of it does")
    kept = {place.text for same in own.values() for place in same} | {p.text for p in updated}
    # The gradients of inner layers' inputs are not those of its own.
    left = [p for p in changed if not (p.holder or p.text in kept or p.is_among(met.values()))]
    free = [p for p in given if not p.is_among(met.values())]
    returned = [p for p in free if not p.text.startswith(LEFT)]
    # What it returns beside a dictionary of gradients that it fills is no entry of this.
    free = returned if call.fills and returned else free
    kinds, inputs = plan.call.arrays, plan.call.inputs
    names = [inputs, *(name for name in kinds if name != inputs)]
    wanted = {
        name: ran[name]
        for name in names
        if kinds[name] not in ("labels", *LISTS) and np.asarray(ran[name]).dtype.kind == "f"
    }
    if _inputs_are_whole(plan, ran) and gradient_places.by_name(inputs, free) is not None:
        raise CannotTryLayerError(f"it gives a gradient of {inputs}, which holds whole numbers")
    called_otherwise: list[str] = []
    of_another = _of_another(plan, call, wanted, free)
    if len(of_another) == 1 and inputs not in of_another:
        # The first argument may be what the inputs are multiplied by.
        standing = {name: place.text for name, place in of_another.items()}
    else:
        standing = gradient_places.gradients(wanted, free, left)
        if len(standing) < len(free) and (row := gradient_places.in_a_row(wanted, free)):
            standing = {name: place.text for name, place in row.items()}
            called_otherwise = [
                n for n, p in row.items() if p.key and gradient_places.by_name(n, [p]) is None
            ]
    if in_order := _in_order(plan.call.together, given, standing):
        standing = in_order
    nothing_named = not (standing or met) and inputs in wanted and not plan.layer.is_of_cost
    first = gradient_places.first_alike(inputs, ran[inputs], free) if nothing_named else {}
    standing |= first
    of_inputs = gradient_places.beside_inputs(ran[inputs], after, changed)
    if of_inputs and inputs in wanted and inputs not in standing:
        standing[inputs] = of_inputs[0].text
    without = {name: array for name, array in wanted.items() if name not in standing}
    alike = (
        gradient_places.of_shapes(without, [p for p in free if p.text not in standing.values()])
        if standing or met
        else {}
    )
    standing |= {name: place.text for name, place in alike.items()}
    if inputs in standing and plan.layer.gives_state and own:
        place = next((p for p in (*free, *left) if p.text == standing[inputs]), None)
        if place is not None and place.array.size != np.size(ran[inputs]):
            del standing[inputs]
    if call.derivative:
        standing = {name: f"{DOUT} * {text}" for name, text in standing.items()}
    if inputs in standing and call.across:
        standing[inputs] += ".T"
    standing |= {name: met[name].text for name in own if name in met}
    by_update = tuple(name for name in own if name not in met)
    standing |= {name: f"({name} - {own[name][0].text})" for name in by_update}
    unknown = () if has_rate else tuple(p.name for p in updated if p.role in PARAMETER_ROLES)
    others = (p for p in made if p.role in PARAMETER_ROLES and not p.is_gradient)
    held = [p.array for same in own.values() for p in same]
    unseen = tuple(
        p.name
        for p in others
        if p.name not in (*own, *unknown) and not any(p.array is array for array in held)
    )
    if not standing:
        several = any(place.array.ndim for place in given)
        words = "returns arrays whose parameters cannot be told" if several else "gives no gradient"
        raise NoGradientError(f"its backward pass {words}")
    _require_all_named(plan, given, standing)
    # What an object keeps as well it may give.
    read = {*standing.values(), *(p.text for p in free for m in met.values() if p.array is m.array)}
    tells_all = (plan.layer.takes_the_same or nothing_named) and not in_order
    unread = tuple(p.text for p in free if tells_all and p.text not in read)
    is_loss = plan.call.is_loss or plan.layer.is_of_cost
    several = not is_loss and any(name != inputs for name in standing)
    samples = [n for n in (plan.samples or _samples_by_output(ran, inputs),) if several and n > 1]
    for factor in ("", *(f"{number} * " for number in samples)):
        expressions = {n: text if n == inputs else f"{factor}{text}" for n, text in standing.items()}
        # That something is a gradient its name may say; of what, its shape.
        by_shape = [*(name for name, (_, gradient) in guessed.items() if not gradient.is_gradient), *alike]
        by_shape += [name for name in called_otherwise if name in standing and not in_order]
        by_shape += [name for name in first if name in standing]
        shaped = {name: expressions[name] for name in by_shape}
        yield LayerGradients(own, expressions, by_update, unknown, factor, unseen, shaped, unread)


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


def _samples_by_output(ran: Mapping[str, Any], inputs: str) -> int:
    """How many samples inputs hold whose shape was found by trying: as many as the output, along the same axis; 0 where
    that cannot be told."""
    shape, output = np.shape(ran[inputs]), np.shape(ran["put_out"])
    same = [axis for axis in (0, -1) if len(shape) == len(output) > 1 and shape[axis] == output[axis]]
    return shape[same[0]] if len(same) == 1 else 0


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


def _given(
    plan: LayerPlan, call: BackwardCall, ran: dict[str, Any], namespace: dict[str, Any]
) -> list[ArrayPlace]:
    """The arrays of what the backward pass gives, and of the dictionary that it fills."""
    if plan.layer.gives_both:
        return _beside_loss(plan, ran[OUT])
    rng = np.random.default_rng(0)
    for name, output in call.upstream.items():
        ran[name] = rng.normal(size=np.shape(quietly(eval, output, namespace, ran)))
    if call.output:
        ran[DOUT] = rng.normal(size=np.shape(quietly(eval, call.output, namespace, ran)))
    value = quietly(eval, call.text, namespace, ran)
    given = places.returned(value, "g", names_given(plan.layer.backward, plan.file))
    if plan.layer.gives_cost:
        # It may give the loss itself beside the gradients.
        given = [place for place in given if place.array.ndim or not is_cost(place.key)]
    return [*given, *places.returned(ran[LEFT], LEFT)]


def _beside_loss(plan: LayerPlan, out: Any) -> list[ArrayPlace]:
    """The arrays that a function gives beside its loss; those that it gives as one have their own names."""
    function = plan.layer.forward
    given = places.returned(out, OUT, function.returns)
    inside = [p for p in given if p.text.count("[") > 1 and not p.key]
    if len(inside) == len(function.returns_inside):
        names = dict(zip((p.text for p in inside), function.returns_inside, strict=True))
        given = [p._replace(key=names.get(p.text, p.key)) for p in given]
    return [p for p in given if not p.text.startswith(plan.output)]
