"""An adapter for a layer that has not been tried: what its source alone says of it, to be changed until it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from chainrule.gradcheck.program.names import PARAMETER_ROLES, meaning
from chainrule.gradcheck.program.signatures import Definitions, Function
from chainrule.gradcheck.recognition import layer_places, objects
from chainrule.gradcheck.recognition.layer_backward import backward_calls
from chainrule.gradcheck.recognition.layer_calls import OUT, CannotCallLayerError, forward_calls
from chainrule.gradcheck.recognition.layer_objects import MadeLayer, made_layers
from chainrule.gradcheck.recognition.layer_pairs import LayerPair, layers_of
from chainrule.gradcheck.recognition.layer_places import ArrayPlace
from chainrule.gradcheck.recognition.layer_plans import LayerPlan
from chainrule.gradcheck.recognition.layer_shapes import layouts, loss_layouts
from chainrule.gradcheck.recognition.layer_texts import LayerGradients, adapter_text


def guess(file: Definitions) -> str:
    """The adapter of the first layer of a file whose calls can be written; empty where there is none."""
    for layer in layers_of(file):
        try:
            return _text(layer, file)
        except CannotCallLayerError:
            continue
    return ""


def _text(layer: LayerPair, file: Definitions) -> str:
    """The adapter.

    Raises:
        CannotCallLayerError: what an argument gets is not known.
    """
    call = next(forward_calls(layer, file, {}))
    is_loss = "labels" in call.arrays.values()
    layout = next(loss_layouts() if is_loss else layouts())
    made = next(made_layers(layer.owner, file, layout)) if layer.owner else MadeLayer()
    several = len(layer.forward.returns)
    output = f"{OUT}[0]" if several else OUT if layer.forward.gives else "layer.output"
    plan = LayerPlan(layer, call, layout, made, file.numpy or "np", bool(file.numpy), output=output)
    ran: dict[str, Any] = {OUT: tuple([None] * several) or None, "value": np.zeros(() if is_loss else (7, 3))}
    backward = next(backward_calls(layer, call, ran, output, file))
    own = {name: [ArrayPlace(f"layer.{name}", name, np.empty(0))] for name in _parameters(layer, file)}
    left = objects.results(file, layer.backward, dict.fromkeys(own, ""))
    expressions = _returned(layer.backward, call.arrays)
    if layer.gives_both:
        expressions = {call.inputs: f"{OUT}[1]"}
    expressions |= {name: f"layer.{attribute}" for name, attribute in left.items()}
    own = {name: places for name, places in own.items() if name in left}
    return adapter_text(plan, backward, LayerGradients(own, expressions), output if is_loss else "")


def _parameters(layer: LayerPair, file: Definitions) -> list[str]:
    """The parameters that the layer reads from its object."""
    read = objects.attributes_read(file, [layer.forward]) if layer.owner else []
    return [name for name in read if meaning(name).role in PARAMETER_ROLES]


def _returned(backward: Function, arrays: Mapping[str, str]) -> dict[str, str]:
    """Where the gradients of arrays stand in what the backward pass gives, by the names of its parts."""
    if not backward.returns:
        return {next(iter(arrays)): "g"}
    parts = [ArrayPlace(f"g[{i}]", name, np.empty(0)) for i, name in enumerate(backward.returns)]
    return layer_places.gradients({name: np.empty(0) for name in arrays}, parts, [])
