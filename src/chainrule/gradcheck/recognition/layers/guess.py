"""An adapter for a layer that has not been tried: what its source alone says of it, to be changed until it runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import PARAMETER_ROLES, meaning
from chainrule.gradcheck.recognition import objects
from chainrule.gradcheck.recognition.layers import gradient_places
from chainrule.gradcheck.recognition.layers.adapter_names import OUT
from chainrule.gradcheck.recognition.layers.arguments import CannotCallLayerError
from chainrule.gradcheck.recognition.layers.backward import backward_calls
from chainrule.gradcheck.recognition.layers.calls import forward_calls
from chainrule.gradcheck.recognition.layers.gradients import LayerGradients
from chainrule.gradcheck.recognition.layers.objects import MadeLayer, made_layers
from chainrule.gradcheck.recognition.layers.pairs import LayerPair, layers_of
from chainrule.gradcheck.recognition.layers.places import ArrayPlace
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.shapes import layouts, loss_layouts
from chainrule.gradcheck.recognition.layers.texts import adapter_text


def guessed_layer(file: Definitions) -> str:
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
    layout = next(loss_layouts() if call.is_loss else layouts())
    made = next(made_layers(layer.owner, file, layout)) if layer.owner else MadeLayer()
    several = len(layer.forward.returns)
    output = f"{OUT}[0]" if several else OUT if layer.forward.gives else "layer.output"
    plan = LayerPlan(layer, call, layout, made, file, output=output)
    ran: dict[str, Any] = {
        OUT: tuple([None] * several) or None,
        "put_out": np.zeros(() if call.is_loss else (7, 3)),
    }
    backward = next(backward_calls(layer, call, ran, output, file))
    own = _parameters(layer, file)
    expressions = _gradients(
        layer, [call.inputs, *(name for name in call.arrays if name != call.inputs), *own]
    )
    kept = {name: [ArrayPlace(f"layer.{name}", name, np.empty(0))] for name in own if name in expressions}
    return adapter_text(plan, backward, LayerGradients(kept, expressions), output if call.is_loss else "")


def _parameters(layer: LayerPair, file: Definitions) -> list[str]:
    """The parameters that the layer reads from its object."""
    read = objects.attributes_read(file, [layer.forward]) if layer.owner else []
    return [name for name in read if meaning(name).role in PARAMETER_ROLES]


def _gradients(layer: LayerPair, names: Sequence[str]) -> dict[str, str]:
    """Where the gradients of these arrays stand, by the names of what the backward pass gives and leaves."""
    if layer.gives_both:
        return {names[0]: f"{OUT}[1]"}
    arrays = {name: np.empty(0) for name in names}
    given = [ArrayPlace(f"g[{i}]", name, np.empty(0)) for i, name in enumerate(layer.backward.returns)]
    if layer.backward.gives and not given:
        given = [ArrayPlace("g", "", np.empty(0))]
    left = [ArrayPlace(f"layer.{name}", name, np.empty(0)) for name in layer.backward.attributes.sets]
    return gradient_places.gradients(arrays, given, left)
