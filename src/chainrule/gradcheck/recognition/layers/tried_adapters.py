"""An adapter of a layer as it is tried: with another dJ/dout where the backward pass is not linear in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.recognition.layers.backward import BackwardCall
from chainrule.gradcheck.recognition.layers.dout_forms import WHOLE, DoutForm, other_forms
from chainrule.gradcheck.recognition.layers.fitness import LayerFitness
from chainrule.gradcheck.recognition.layers.gradients import LayerGradients
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.texts import adapter_text


class TriedAdapter(NamedTuple):
    """An adapter's text, the gradients that it reads, what it declares, how well that fits, and what dJ/dout is."""

    text: str
    gradients: LayerGradients
    program: LocalProgram
    fitness: LayerFitness
    dout: DoutForm


def tried_adapter(
    plan: LayerPlan,
    call: BackwardCall,
    gradients: LayerGradients,
    loss: str,
    declared: Callable[[str], LocalProgram],
    fit: Callable[[LocalProgram], LayerFitness],
) -> TriedAdapter:
    """An adapter; where it does not agree and the backward pass is not linear in dJ/dout, that of the dJ/dout with
    which it fits worst of those that may be meant, if that is as well as with any.

    Args:
        loss: the expression of the cost where the layer is a loss; empty where it is none.
        declared: gives what an adapter declares.
        fit: how well that fits.
    """

    def tried(dout: DoutForm) -> TriedAdapter:
        text = adapter_text(plan, call, gradients, loss, dout)
        program = declared(text)
        return TriedAdapter(text, gradients, program, fit(program), dout)

    whole = tried(WHOLE)
    if loss or whole.fitness.best:
        return whole
    others = map(tried, other_forms(whole.program))
    other = min(others, key=lambda each: each.fitness.order, default=whole)
    return other if other.fitness.order >= whole.fitness.order else whole
