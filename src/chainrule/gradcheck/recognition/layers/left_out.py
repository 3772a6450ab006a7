"""What of a layer is not checked, in words: gradients that it should give and does not."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from chainrule.gradcheck.program.names import PARAMETER_ROLES, meaning
from chainrule.gradcheck.recognition.layers.arguments import OUT
from chainrule.gradcheck.recognition.layers.backward import BackwardCall
from chainrule.gradcheck.recognition.layers.gradients import LayerGradients
from chainrule.gradcheck.recognition.layers.plans import LayerPlan, evaluated
from chainrule.gradcheck.recognition.layers.texts import without_gradient


def left_out(
    plan: LayerPlan,
    call: BackwardCall,
    gradients: LayerGradients,
    ran: Mapping[str, Any],
    namespace: dict[str, Any],
) -> tuple[str, ...]:
    """The gradients that a layer should give and does not: of its inputs, its states, its parameters. What gives a cost
    need not give that of its inputs, nor a recurrent net, as they may be data; a cost that gives none of parameters has
    none.

    Args:
        ran: what the names of an adapter stand for once the forward pass has run.
        namespace: the module's own.
    """
    apart = _apart(plan, call, without_gradient(plan, gradients, ran), ran, namespace)
    is_cost = plan.layer.gives_cost
    is_recurrent = plan.layer.gives_state or "state" in plan.call.arrays.values() or type(ran[OUT]) is list
    of_parameters = any(meaning(name).role in PARAMETER_ROLES for name in gradients.expressions)
    roles = PARAMETER_ROLES if is_cost else (*PARAMETER_ROLES, "state", "cell")
    missing = [
        name
        for name in (*without_gradient(plan, gradients, ran), *gradients.unknown, *gradients.idle)
        if (
            name not in apart
            and meaning(name).role in roles
            and plan.call.arrays.get(name) != "other"
            and (of_parameters or not is_cost)
        )
        or (name == plan.call.inputs and not (is_cost or is_recurrent))
    ]
    # Without the adapter's own name for all of it.
    places = (re.sub(r"^\w+", "", text) for text in gradients.unread)
    unread = (f"what {plan.layer.backward.name} gives{f' at {at}' if at else ''}" for at in places)
    return (*(f"the gradient of {name}" for name in missing), *unread)


def _apart(
    plan: LayerPlan,
    call: BackwardCall,
    without: Collection[str],
    ran: Mapping[str, Any],
    namespace: dict[str, Any],
) -> list[str]:
    """The arrays of a function without gradients that change none of the outputs whose upstream gradients its backward
    pass is given, as what a prediction is made with beside the states."""
    names = [name for name in without if name in plan.call.arrays]
    if plan.made.text or plan.seeded or not names:
        return []
    outputs = ", ".join([call.output or plan.output, *call.upstream.values()])
    arrays = {name: ran[name] for name in plan.call.arrays}

    def given(changed: Mapping[str, Any]) -> Any:
        text = f"[{OUT} := {plan.call.text}, ({outputs},)][-1]"
        return evaluated(text, namespace, {**arrays, **changed})

    before = given({})
    return [n for n in names if all(map(np.array_equal, before, given({n: arrays[n] + 1.0})))]
