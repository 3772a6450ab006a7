"""What arrays of no known kind may be as well: a net whose gradients agree with those is not wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from chainrule.gradcheck.recognition.layers.backward import BackwardCall
from chainrule.gradcheck.recognition.layers.drawn_arrays import shaped
from chainrule.gradcheck.recognition.layers.fitness import LayerFitness
from chainrule.gradcheck.recognition.layers.gradients import LayerGradients
from chainrule.gradcheck.recognition.layers.places import shape_of
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.texts import adapter_text


def doubt_of_arrays(
    plan: LayerPlan,
    call: BackwardCall,
    gradients: LayerGradients,
    loss: str,
    ran: Mapping[str, Any],
    fitness: LayerFitness,
    fit: Callable[[str], LayerFitness],
) -> str:
    """That gradients which do not agree do so with other arrays, or more of them with one of fewer axes, in words.

    Args:
        loss: the expression of the cost.
        ran: what the names of an adapter stand for once the forward pass has run.
        fitness: with the arrays that there are.
        fit: how well another adapter fits.
    """
    found = dict(plan.found)
    for name, other, words in _other_arrays(plan, gradients, ran):
        text = adapter_text(replace(plan, found=tuple({**found, name: other}.items())), call, gradients, loss)
        with contextlib.suppress(Exception):
            with_other = fit(text)
            narrower = name in gradients.expressions and with_other.sized
            if with_other.best or (narrower and with_other.agreeing > fitness.agreeing):
                return words
    return ""


def _other_arrays(
    plan: LayerPlan, gradients: LayerGradients, ran: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """What arrays of no known kind may be as well: data zeros and ones, as masks are; others with fewer axes, which
    are spread over as many."""
    for name in (n for n, _ in plan.found if plan.call.arrays.get(n) == "other"):
        shape = shape_of(ran[name])
        if name not in gradients.expressions:
            ones = shaped("mask", shape)[-1].format(np=plan.numpy) if shape else "1.0"
            yield name, ones, f"it agrees where {name} holds zeros and ones, and not with other numbers"
            continue
        for narrower in (shape[axes:] for axes in range(1, len(shape))):
            text = shaped("other", narrower)[0]
            yield name, text, f"it agrees where {name} has the shape {narrower}, and not with {shape}"
