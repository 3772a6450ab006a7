"""Layers in no usual layout: what shape each of their arrays may have is found from what runs together."""

from __future__ import annotations

import contextlib
import copy
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.random import default_rng

from chainrule.gradcheck.recognition.layers import places
from chainrule.gradcheck.recognition.layers.assignments import assignments
from chainrule.gradcheck.recognition.layers.backward import DOUT, LEFT, backward_calls
from chainrule.gradcheck.recognition.layers.calls import OUT, CannotCallLayerError, is_net
from chainrule.gradcheck.recognition.layers.drawn_arrays import WORDS, arrays_of
from chainrule.gradcheck.recognition.layers.kinds import ArgumentKind, kind_of
from chainrule.gradcheck.recognition.layers.plans import (
    NO_LOSS,
    CannotTryLayerError,
    LayerPlan,
    is_own,
    output_of,
    quietly,
)
from chainrule.gradcheck.recognition.layers.tracing import traced

MOST_FOUND = 6
"""How many ways to draw the other arrays are tried for each shape of the inputs with which the forward pass runs."""

_ENOUGH = 8
"""So many times a layer is seen not to run for a reason which no shape changes, before the tries end."""

_SHARES = 2
"""Of the time that is left, one share is for the next shape of the inputs."""


class _NoTimeLeftError(Exception):
    """The tries with a shape of the inputs have taken their share of the time."""


class _PickingIndex:
    """A number that is good for nothing but to pick an entry: what else is done with the label of a single sample hides
    mistakes."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __index__(self) -> int:
        return int(self._number)


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
        Exception: what the layer raised last, where it never runs in time, or for a reason which no shape changes.
    """
    end = time.process_time() + seconds
    handed = [name for name, _ in plan.made.handed]
    made = None if handed or not plan.made.text else _evaluated(plan.made.expression, namespace, seed)
    sizes = {size for place in places.of_object(made, "layer") for size in place.array.shape if size > 1}
    kinds: dict[str, ArgumentKind] = {
        name: "indices" if kind == "inputs" and kind_of(name) == "indices" else kind
        for name, kind in plan.call.arrays.items()
    }
    kinds |= {f"made.{name}": kind_of(name) for name in handed}
    of_scores = plan.call.is_loss and not is_net(plan.layer, plan.call)
    choices = {
        name: [
            text.format(np=plan.numpy)
            for text in arrays_of(kind, sorted(sizes), single=single, of_loss=of_scores)
        ]
        for name, kind in kinds.items()
    }
    values: dict[str, Any] = {}
    raised: list[Exception] = []
    own: list[Exception] = []

    def blamed(chosen: Mapping[str, str]) -> frozenset[str] | None:
        for text in chosen.values():
            if text not in values:
                values[text] = _evaluated(text, namespace, seed)
        if time.process_time() > until:
            raise _NoTimeLeftError
        # Numbers do not say where they are met.
        numbers = {name for name, text in chosen.items() if not np.ndim(values[text])}
        given_values = {name: values[text] for name, text in chosen.items()}
        if plan.layer.gives_both and single:
            given_values |= {
                name: _PickingIndex(given_values[name])
                for name in numbers
                if kinds[name] in ("labels", "indices")
            }
        arrays, meeting = traced(given_values)
        traced_ones = {name: array for name, array in arrays.items() if "." not in name}
        given = {f"{name}_of_layer": arrays[f"made.{name}"] for name in handed}
        try:
            if handed:
                text = plan.made.handing({name: f"{name}_of_layer" for name in handed}).expression
                layer = _evaluated(text, {**namespace, **given}, seed)
                meeting.is_made()
            else:
                layer = copy.deepcopy(made)
            ran = {**traced_ones, "layer": layer, "made": layer}
            ran[OUT] = quietly(eval, plan.call.text, {**namespace, **ran})
        except Exception as error:
            raised[:] = [error]
            own.extend([error] if is_own(error) else [])
            if len(own) == _ENOUGH:
                raise
            return meeting.blamed(chosen) | numbers
        backwards = _raised_backwards(plan, ran, namespace)
        raised[:] = [backwards] if backwards is not None else raised
        return meeting.blamed(chosen) | numbers if backwards is not None else None

    met, until = False, end
    for inputs in choices[plan.call.inputs]:
        # What never runs with one shape of the inputs is not to keep others from being tried.
        until = time.process_time() + (end - time.process_time()) / _SHARES
        others = {
            name: _ordered(kinds[name], inputs, choices[name], of_words="indices" in kinds.values())
            for name in sorted(choices, key=lambda name: kinds[name] != "labels")
            if name != plan.call.inputs
        }
        of_inputs = assignments({plan.call.inputs: [inputs], **others}, blamed)
        with contextlib.suppress(_NoTimeLeftError):
            for chosen in islice(of_inputs, MOST_FOUND):
                met = True
                drawn = tuple((name, chosen[name]) for name in plan.call.arrays)
                yield replace(
                    plan, found=drawn, made=plan.made.handing({n: chosen[f"made.{n}"] for n in handed})
                )
    if not met and raised:
        raise raised[0]


def _ordered(kind: ArgumentKind, inputs: str, texts: list[str], *, of_words: bool) -> list[str]:
    """The likely ones first: labels with one for each vector of the inputs, states of as many samples; weights with a
    row for each word, beside indices of words."""
    if of_words and kind in ("weights", "other"):
        return sorted(texts, key=lambda text: f"size=({WORDS}, " not in text)
    if kind == "labels":
        sizes = re.findall(r"\d+", inputs)[:-1]
        return sorted(texts, key=lambda text: re.findall(r"\d+", text.partition("size=")[2]) != sizes)
    return _beside(inputs, texts) if kind == "state" else texts


def _beside(inputs: str, states: list[str]) -> list[str]:
    """Those states first that may be those of as many samples as the inputs hold."""
    samples = {"2", "7"} & {*re.findall(r"\d+", inputs)}
    return sorted(states, key=lambda state: not {"2", "7"} & {*re.findall(r"\d+", state)} <= samples)


def _raised_backwards(plan: LayerPlan, ran: dict[str, Any], namespace: Mapping[str, Any]) -> Exception | None:
    """What the backward pass raises after the forward pass, in whatever way it is called; None where it runs, or
    where it is not known how it is called."""
    raised: Exception | None = None
    try:
        output = output_of(ran)
        ran["value"] = quietly(eval, output, {**namespace, **ran})
        if plan.wants_one_number and np.size(ran["value"]) > 1:
            return CannotTryLayerError(NO_LOSS)
        for call in backward_calls(plan.layer, plan.call, ran, output, plan.file):
            upstream = {DOUT: call.output or output, **call.upstream}
            outputs = {name: quietly(eval, text, {**namespace, **ran}) for name, text in upstream.items()}
            given = {name: np.ones_like(output) for name, output in outputs.items()}
            try:
                quietly(eval, call.text or "None", {**namespace, **ran, **given, LEFT: {}})
            except Exception as error:
                raised = raised or error
            else:
                return None
    except (CannotCallLayerError, CannotTryLayerError):
        return None
    return raised


def _evaluated(text: str, namespace: Mapping[str, Any], seed: int) -> Any:
    return quietly(eval, text, {"rng": default_rng(seed), **namespace})
