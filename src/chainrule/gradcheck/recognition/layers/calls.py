"""How the two passes of a layer are called."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.languages import in_english
from chainrule.gradcheck.program.names import PARAMETER_ROLES, meaning
from chainrule.gradcheck.program.records import RecordPart
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.recognition import objects
from chainrule.gradcheck.recognition.layers.adapter_names import OUT, free
from chainrule.gradcheck.recognition.layers.arguments import GivenArguments
from chainrule.gradcheck.recognition.layers.kinds import COUNTING, ArgumentKind
from chainrule.gradcheck.recognition.layers.pairs import LayerPair
from chainrule.gradcheck.recognition.layers.settings import KEPT, VALUES, has_training
from chainrule.gradcheck.recognition.layers.shapes import Shape
from chainrule.gradcheck.recognition.layers.written_arrays import in_numbers

_WRAPPED = {
    "softmax over the last axis": "{np}.exp({x}) / {np}.exp({x}).sum(axis=-1, keepdims=True)",
    "softmax over the first axis": "{np}.exp({x}) / {np}.exp({x}).sum(axis=0, keepdims=True)",
    "a sigmoid": "1 / (1 + {np}.exp(-{x}))",
}
"""What comes before a loss whose gradient is that of the scores."""

_OF_SAMPLES = re.compile(r"(sample_?)?weights?", re.IGNORECASE)
"""What the weights of samples are called beside those of a net."""


@dataclass(frozen=True)
class ForwardCall:
    """The forward pass as it is called.

    Attributes:
        arrays: its arrays by the name that an adapter gives them.
        inputs: which of them the inputs are.
        given: what each of its arguments gets.
        set_to: the values of its settings, those in a dictionary by their keys; and of those that the backward pass
            alone takes where they are not the usual ones.
        settings: how it is set, in words; empty where nothing is.
        before: what comes before a loss, whose inputs are its scores; empty where nothing does.
        held: the arrays that it reads from its object, by their names there: labels.
        may_be_left_out: the arguments that may be arrays, and stay at their defaults as well.
        shapes: of the arrays that a function of the file makes.
        written: of those whose shapes it says itself.
        records: what the parts of the tuples are in those of its arguments that are lists of such.
        together: the arrays that one of its arguments holds one after the other.
    """

    arrays: Mapping[str, ArgumentKind]
    inputs: str
    given: Mapping[str, str]
    text: str
    set_to: Mapping[str, str] = field(default_factory=dict)
    settings: str = ""
    before: str = ""
    held: tuple[str, ...] = ()
    may_be_left_out: tuple[str, ...] = ()
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    written: Mapping[str, Shape] = field(default_factory=dict)
    records: Mapping[str, tuple[RecordPart, ...]] = field(default_factory=dict)
    together: tuple[str, ...] = ()

    @property
    def is_usual(self) -> bool:
        """Whether all its arrays have usual roles and no known shapes, and at most one is the inputs."""
        roles = [*self.arrays.values()]
        return (
            not self.shapes
            and roles.count("inputs") <= 1
            and {*roles} <= {"inputs", "labels", *PARAMETER_ROLES, *(COUNTING if self.is_loss else ())}
        )

    @property
    def is_loss(self) -> bool:
        """Whether the layer is a loss: it takes labels."""
        return "labels" in self.arrays.values()


def is_net(layer: LayerPair, call: ForwardCall) -> bool:
    """Whether a layer gives a loss and its gradients of more than scores and labels."""
    return layer.is_of_cost and {*call.arrays.values()} - {"labels", *COUNTING} != {"inputs"}


def option_sets(layer: LayerPair, file: Definitions) -> list[dict[str, str]]:
    """The texts that choose among several forms of a layer, by argument: each form is a layer of its own."""
    texts = {
        a.name: list(dict.fromkeys([*file.options.get(a.name, ()), *_handed_texts(layer.forward, a, file)]))
        for a in layer.forward.arguments
    }
    several = {
        name: forms for name, forms in texts.items() if len(forms) > 1 and not has_training(name, file)
    }
    return [dict(zip(several, chosen, strict=True)) for chosen in product(*several.values())]


def _handed_texts(function: Function, argument: Argument, file: Definitions) -> list[str]:
    """The texts that the file hands to an argument."""
    handed = [h.constant for h in file.handed.get((function.name, argument.name), ())]
    return [text for text in handed if text[:1] in ("'", '"')]


def forward_calls(layer: LayerPair, file: Definitions, options: Mapping[str, str]) -> Iterator[ForwardCall]:
    """How the forward pass may be called: with a stride of 2, where it takes one, or of 1; with masks and states, or
    without; of what comes before a loss, with nothing first.

    Raises:
        CannotCallLayerError: what an argument gets is not known.
    """
    first = called_with(layer, file, options)
    yield first
    others = [called_with(layer, file, {**options, "stride": "1"})]
    others += [called_with(layer, file, options, first.may_be_left_out)]
    yield from (other for other in others if other != first)
    if first.is_loss:
        for words, expression in _WRAPPED.items():
            scores = expression.format(np=file.numpy_name, x=first.inputs)
            given = {a: scores if text == first.inputs else text for a, text in first.given.items()}
            yield replace(first, given=given, text=call_of(layer, layer.forward, given), before=words)


def called_with(
    layer: LayerPair, file: Definitions, options: Mapping[str, str], left_out: Collection[str] = ()
) -> ForwardCall:
    """The forward pass with settings of its own beside the usual ones.

    Args:
        left_out: the arguments that stay at their defaults though they may be arrays.

    Raises:
        CannotCallLayerError: what an argument gets is not known.
    """
    own = {
        a.name: a.default for a in layer.forward.arguments if a.name in KEPT and a.default not in ("", "None")
    }
    call = GivenArguments(layer, file, {**VALUES, **own, **options}, left_out)
    for argument in layer.forward.arguments:
        call.give(argument)
    held = _labels_read(layer, file) if "labels" not in call.arrays.values() else ()
    call.arrays |= dict.fromkeys(held, "labels")
    if {"a", "b"} <= {*call.arrays} and not {*call.arrays.values()} & {"weights", "scale"}:
        # Beside a it is no bias.
        call.arrays["b"] = "other"
    if {"w", "W", "theta"} & {*call.arrays}:
        call.arrays |= {name: "other" for name in call.arrays if _OF_SAMPLES.fullmatch(in_english(name))}
    if {"w", "w0"} <= {*call.arrays}:
        call.arrays["w0"] = "bias"
    text = call_of(layer, layer.forward, call.given)
    taken = {argument.name for argument in layer.forward.arguments}
    of_backward = {a.name for a in layer.backward.arguments} - taken
    call.set_to |= {name: value for name, value in options.items() if name in of_backward}
    settings = ", ".join(call.settings)
    of_loss = "labels" in call.arrays.values()
    written = in_numbers(layer.forward.written, call.inputs, of_loss=of_loss)
    return ForwardCall(
        call.arrays,
        free(call.inputs),
        call.given,
        text,
        call.set_to,
        settings,
        held=held,
        may_be_left_out=call.optional,
        shapes=call.shapes,
        records=call.records,
        together=call.together,
        written={free(name): shape for name, shape in written.items() if free(name) in call.arrays},
    )


def _labels_read(layer: LayerPair, file: Definitions) -> tuple[str, ...]:
    """The labels that a forward pass reads from its object, where something else puts them."""
    if not layer.owner:
        return ()
    own = objects.attributes_read(file, [layer.forward])
    return tuple(name for name in own if meaning(name).role == "labels")


def call_of(layer: LayerPair, function: Function, given: Mapping[str, str]) -> str:
    """A call of one of the passes."""
    arguments, by_name = [], False
    for argument in function.arguments:
        if argument.name not in given:
            by_name = True
            continue
        named = by_name or argument.keyword_only
        arguments.append(f"{argument.name}={given[argument.name]}" if named else given[argument.name])
    called = f"{'layer.' if layer.owner else ''}{function.name}"
    if layer.is_called and function.name == layer.forward.name:
        called = "layer"
    if function.maker is not None:
        # A pullback is in what the forward pass has given; others are made by a function of no arguments.
        given_with = OUT if function.maker.name == layer.forward.name else f"{function.maker.name}()"
        called = f"{given_with}[{function.maker.place}]"
    call = f"{called}({', '.join(arguments)})"
    if function is layer.forward and function.returns and not function.gives:
        # What it leaves on its object is what it gives.
        return f"({call}, {', '.join(f'layer.{name}' for name in function.returns)})[1:]"
    return call
