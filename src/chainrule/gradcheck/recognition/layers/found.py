"""Layers in no usual layout: what shape each of their arrays may have is found from what runs together."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.random import default_rng

from chainrule.gradcheck.recognition.layers import places
from chainrule.gradcheck.recognition.layers.assignments import assignments
from chainrule.gradcheck.recognition.layers.drawn_arrays import arrays_of
from chainrule.gradcheck.recognition.layers.kinds import kind_of
from chainrule.gradcheck.recognition.layers.plans import LayerPlan, quietly
from chainrule.gradcheck.recognition.layers.tracing import traced

MOST_FOUND = 12
"""How many ways to draw the arrays are tried of which the forward pass runs."""


def found_plans(
    plan: LayerPlan, namespace: dict[str, Any], seed: int, seconds: float, *, single: bool
) -> Iterator[LayerPlan]:
    """The same plan with arrays with which its forward pass runs.

    Args:
        plan: what it says of shapes does not count.
        namespace: the module's own.
        seed: of what is drawn.
        seconds: what the tries may take of the processor's time.
        single: whether the inputs are to be a single sample.

    Raises:
        Exception: what the layer raised last, where it never runs.
    """
    end = time.process_time() + seconds
    names = {"rng": default_rng(seed), **namespace}
    made = quietly(eval, plan.made.text, names) if plan.made.text else None
    sizes = {size for place in places.of_object(made, "layer") for size in place.array.shape if size > 1}
    kinds = {name: kind_of(name) if kind == "inputs" else kind for name, kind in plan.call.arrays.items()}
    kinds = {n: plan.call.arrays[n] if kind != "indices" else kind for n, kind in kinds.items()}
    choices = {
        name: [text.format(np=plan.numpy) for text in arrays_of(kind, sorted(sizes), single=single)]
        for name, kind in kinds.items()
    }
    values: dict[str, Any] = {}
    raised: list[Exception] = []

    def blamed(chosen: Mapping[str, str]) -> frozenset[str] | None:
        for text in chosen.values():
            if text not in values:
                values[text] = eval(text, {"rng": default_rng(seed), **namespace})
        if time.process_time() > end:
            raise TimeoutError("there was no time left to try other shapes")
        arrays, meeting = traced({name: values[text] for name, text in chosen.items()})
        try:
            quietly(eval, plan.call.text, {**namespace, **arrays, "layer": copy.deepcopy(made)})
        except Exception as error:
            raised[:] = [error]
            return meeting.blamed(chosen)
        return None

    met = 0
    for chosen in assignments(choices, blamed):
        yield replace(plan, found=tuple(chosen.items()))
        met += 1
        if met == MOST_FOUND:
            return
    if not met and raised:
        raise raised[0]
