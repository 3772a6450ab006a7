"""The adapter of a layer, as text, and what it assumes, in words.

Its cost is the sum of the layer's outputs times drawn numbers, which are then dJ/dout, so that what the backward pass
makes of them is its gradient, whatever the layer computes. Of a loss the cost is what it gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from chainrule.gradcheck.recognition.adapter import NAME
from chainrule.gradcheck.recognition.layers import built
from chainrule.gradcheck.recognition.layers.adapter_names import OUT
from chainrule.gradcheck.recognition.layers.backward import DOUT, LEFT, BackwardCall
from chainrule.gradcheck.recognition.layers.dout_forms import WHOLE, DoutForm
from chainrule.gradcheck.recognition.layers.gradients import LayerGradients
from chainrule.gradcheck.recognition.layers.handed_layers import shown, told
from chainrule.gradcheck.recognition.layers.kinds import LISTS, may_say_what_counts
from chainrule.gradcheck.recognition.layers.places import settings
from chainrule.gradcheck.recognition.layers.plans import WHOLE_NUMBERS, LayerPlan


def adapter_text(
    plan: LayerPlan,
    call: BackwardCall,
    gradients: LayerGradients,
    loss: str,
    dout: DoutForm = WHOLE,
    *,
    again: bool = False,
) -> str:
    """The adapter.

    Args:
        loss: the expression of the cost where the layer is a loss; empty where it is none.
        dout: how dJ/dout is drawn.
        again: the gradient is that of a second round, on the same object with the same parameters.
    """
    copies = ", ".join(f"{name}.copy()" for name in gradients.own)
    object_made = [f"layer := fresh({copies})"] if plan.made.text else []
    forward = [*plan.before_pass, *object_made, f"{OUT} := {plan.call.text}"]
    parameters = list(gradients.expressions)
    outputs = {DOUT: call.output or plan.output} | call.upstream
    # Numbers of another shape than the outputs are not to be spread over these.
    products = (f"{plan.numpy}.vdot({name}, {text})" for name, text in outputs.items())
    loss = f"{plan.times} * ({loss})" if plan.times > 1 and loss else loss
    cost = " + ".join(filter(None, [loss or " + ".join(products), plan.added]))
    filled = [f"{LEFT} := {{}}"] if call.fills else []
    backward = [*filled, *([f"g := {call.text}"] if call.text else [])]
    if again:
        # An array that is put on the object is another than that which a step is told from.
        back = [*settings(gradients.own), "layer := copy.deepcopy(layer)"]
        backward += [*back, *plan.before_pass, f"{OUT} := {plan.call.text}", *backward]
    named = ", ".join(f"{name}={expression}" for name, expression in gradients.expressions.items())
    drawn = [
        f"{name} = {dout.of(f'{plan.numpy}.shape({_by_itself(plan, [*forward, text])})', plan.numpy)}"
        for name, text in outputs.items()
    ]
    data = of_samples(plan) if loss else list(outputs)
    head = f"lambda {', '.join([*parameters, *data])}: "
    given = "".join(f"{name}, " for name in data).rstrip()
    lines = [
        *plan.beginning(gradients.own),
        *([] if loss else drawn),
        f"return dict(parameters=dict({', '.join(f'{name}={name}' for name in parameters)}), data=({given}),",
        f"            cost={head}[{', '.join([*forward, cost])}][-1],",
        f"            gradient={head}[{', '.join([*forward, *backward, f'dict({named})'])}][-1])",
    ]
    return "\n    ".join([f"def {NAME}(rng):", *lines])


def _by_itself(plan: LayerPlan, steps: Sequence[str]) -> str:
    """The last of some expressions, with copies of what they change that have the same names there alone."""
    names = ", ".join(plan.copied)
    last = f"[{', '.join(steps)}][-1]"
    return f"(lambda {names}: {last})({names})" if names else last


def of_samples(plan: LayerPlan) -> list[str]:
    """The indices and labels that a loss takes beside parameters, if nothing else has an entry for each sample: there
    may be fewer of them, and more."""
    drawn = plan.drawn()
    whole = [name for name, text in drawn.items() if text.startswith(WHOLE_NUMBERS)]
    return whole if all(name in whole or name in plan.call.shapes for name in drawn) else []


def assumptions(
    plan: LayerPlan, call: BackwardCall, gradients: LayerGradients, ran: Mapping[str, Any], loss: str
) -> tuple[str, ...]:
    """What was assumed, a line each."""
    own = gradients.own
    shapes = {name: np.shape(ran[name]) for name, kind in plan.call.arrays.items() if kind not in LISTS}
    shapes |= {name: same[0].array.shape for name, same in own.items()}
    arrays = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
    made = built.shown(plan.made.text)
    parts = [f"assumed layer {plan.layer.label} with {arrays}", plan.call.settings, shown(made)]
    parts += [f"{' and '.join(map(built.told, plan.made.built))} first"] if plan.made.built else []
    said = [", ".join(part for part in parts if part), *told(made)]
    said += ["Descent() is an optimizer that takes steps with a rate of 1"] if made != plan.made.text else []
    if loss:
        times = f" times {plan.times}" if plan.times > 1 else ""
        said.append(
            f"the cost is the loss{times}" + (f" after {plan.call.before}" if plan.call.before else "")
        )
    else:
        names = " and ".join([DOUT, *call.upstream])
        said.append(f"the cost is the sum of the outputs times {names}, drawn numbers that the backward pass gets for "
                    "dJ/dout")  # fmt: skip
    if call.across:
        said.append(f"the backward pass gets {DOUT} transposed, and gives the gradient of the inputs so")
    if call.derivative:
        said.append(
            f"the backward pass gives the derivative of each entry: its gradient is {DOUT} times that"
        )
    for rate in dict.fromkeys(gradients.rates.get(name, "1") for name in gradients.by_update):
        names = ", ".join(n for n in gradients.by_update if gradients.rates.get(n, "1") == rate)
        of = "learning rate of 1" if rate == "1" else f"rate of {rate}, divided by that"
        said.append(f"the gradient of {names} is what the backward pass takes from it with a {of}")
    counting = (n for n, kind in plan.call.arrays.items() if kind == "mask" and may_say_what_counts(n))
    said += [
        f"{n} holds zeros and ones, which say what counts: other weights were not tried" for n in counting
    ]
    said += [
        f"{at} was taken for the gradient of {name}: by its shape" for name, at in gradients.by_shape.items()
    ]
    if gradients.unknown:
        names = ", ".join(gradients.unknown)
        said.append(f"the backward pass changes {names} by a rate that is not known: not checked")
    if gradients.idle:
        names = " and ".join(gradients.idle)
        said.append(f"the output is the same whatever {names} may be: what is given for it is not checked")
    if gradients.factor:
        means = ", ".join(n for n, e in gradients.expressions.items() if e.startswith(gradients.factor))
        number = gradients.factor.partition(" ")[0]
        said.append(
            f"the gradients of {means} are means over the {number} samples, that of the inputs is not"
        )
    if plan.seeded:
        said.append("numpy.random.seed(0) comes before each forward pass, which draws random numbers")
    if plan.made.guess:
        said.append(plan.made.guess)
    if missing := without_gradient(plan, gradients, ran):
        said.append(f"the backward pass gives no gradient of {', '.join(missing)}: not checked")
    return tuple(said)


def without_gradient(plan: LayerPlan, gradients: LayerGradients, ran: Mapping[str, Any]) -> list[str]:
    """The arrays of a layer of which its backward pass gives no gradient; an activation has none of what its object
    holds for other methods."""
    kinds = plan.call.arrays
    own, unseen = ((), ()) if plan.layer.is_derivative else (gradients.own, gradients.unseen)
    given = [name for name in (*kinds, *own) if name not in gradients.expressions]
    given = [name for name in given if kinds.get(name) not in ("labels", *LISTS)]
    moved = [name for name in given if np.asarray(ran.get(name, 0.0)).dtype.kind == "f"]
    return [*moved, *unseen]
