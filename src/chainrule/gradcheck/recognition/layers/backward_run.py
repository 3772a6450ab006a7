"""One run of a layer's backward pass: the arrays that it gives, and those that its object holds before and after."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from chainrule.gradcheck.program.function_names import is_cost
from chainrule.gradcheck.recognition.layers import gradient_places, places
from chainrule.gradcheck.recognition.layers.adapter_names import OUT
from chainrule.gradcheck.recognition.layers.backward import DOUT, LEFT, BackwardCall
from chainrule.gradcheck.recognition.layers.pairs import names_given
from chainrule.gradcheck.recognition.layers.places import ArrayPlace
from chainrule.gradcheck.recognition.layers.plans import HANDED, LayerPlan, quietly
from chainrule.gradcheck.recognition.layers.same_keys import sharing, told_apart


class BackwardRun(NamedTuple):
    """The arrays before and after a backward pass.

    Attributes:
        made: those of the object as it was made.
        given: what the backward pass gives, and puts into a dictionary that it fills.
        changed: what it leaves on the object.
        after: all that the object holds then.
    """

    made: list[ArrayPlace]
    given: list[ArrayPlace]
    changed: list[ArrayPlace]
    after: list[ArrayPlace]


def run_backward(
    plan: LayerPlan, call: BackwardCall, ran: dict[str, Any], namespace: dict[str, Any]
) -> BackwardRun:
    """Run the backward pass on what the forward pass has left.

    Args:
        ran: what the names of an adapter stand for once the forward pass has run; what the backward pass does shows
            in it.

    Raises:
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
    return BackwardRun(*(told_apart(each, shared) for each in (made, given, changed, after)))


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
