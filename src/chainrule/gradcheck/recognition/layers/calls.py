"""How the two passes of a layer are called: what each argument gets, as an expression of an adapter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import PARAMETER_ROLES, Role, is_training, meaning
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition import objects
from chainrule.gradcheck.recognition.layers.pairs import LayerPair
from chainrule.gradcheck.recognition.made_sizes import size_of

OUT = "out"
"""What an adapter calls what the forward pass gives."""

RESERVED = {"R", OUT, "g", "layer", "made", "fresh", "left", "rng", "copy", "np"}
_SETTINGS = re.compile(r"\w*(params?|parameters|config|cfg|settings|options|conf)", re.IGNORECASE)
_VALUES = {
    "stride": "2", "f": "2", "mode": '"train"', "eps": "1e-5", "epsilon": "1e-5", "momentum": "0.9", "seed": "0",
    "p": "0.5", "keep_prob": "0.5", "dropout": "0.5", "pool_height": "2", "pool_width": "2", "pool_size": "2",
    "g": "3", "groups": "3", "num_groups": "3", "n_groups": "3",
}  # fmt: skip
"""Of settings, by name or key."""

_USUAL_KEYS = ["mode", "stride", "pad", "pool_height", "pool_width", "p"]
"""Of a dictionary of settings that is handed on to where it cannot be seen what is looked up."""

_WRAPPED = {
    "softmax over the last axis": "{np}.exp({x}) / {np}.exp({x}).sum(axis=-1, keepdims=True)",
    "softmax over the first axis": "{np}.exp({x}) / {np}.exp({x}).sum(axis=0, keepdims=True)",
    "a sigmoid": "1 / (1 + {np}.exp(-{x}))",
}
"""What comes before a loss whose gradient is that of the scores."""


class CannotCallLayerError(Exception):
    """An argument whose meaning is not known."""


@dataclass(frozen=True)
class ForwardCall:
    """The forward pass as it is called.

    Attributes:
        arrays: its arrays by the name that an adapter gives them.
        inputs: which of them the inputs are.
        given: what each of its arguments gets.
        set_to: the values of its settings, those in a dictionary by their keys.
        settings: how it is set, in words; empty where nothing is.
        before: what comes before a loss, whose inputs are its scores; empty where nothing does.
        held: the arrays that it reads from its object, by their names there: labels.
    """

    arrays: Mapping[str, Role]
    inputs: str
    given: Mapping[str, str]
    text: str
    set_to: Mapping[str, str] = field(default_factory=dict)
    settings: str = ""
    before: str = ""
    held: tuple[str, ...] = ()

    @property
    def is_loss(self) -> bool:
        """Whether the layer is a loss: it takes labels."""
        return "labels" in self.arrays.values()


def option_sets(layer: LayerPair, file: Definitions) -> list[dict[str, str]]:
    """The texts that choose among several forms of a layer, by argument: each form is a layer of its own."""
    texts = {
        a.name: list(dict.fromkeys([*file.options.get(a.name, ()), *_handed_texts(layer.forward, a, file)]))
        for a in layer.forward.arguments
    }
    several = {
        name: forms for name, forms in texts.items() if len(forms) > 1 and not _has_training(name, file)
    }
    return [dict(zip(several, chosen, strict=True)) for chosen in product(*several.values())]


def _handed_texts(function: Function, argument: Argument, file: Definitions) -> list[str]:
    """The texts that the file hands to an argument."""
    handed = [h.constant for h in file.handed.get((function.name, argument.name), ())]
    return [text for text in handed if text[:1] in ("'", '"')]


def forward_calls(layer: LayerPair, file: Definitions, options: Mapping[str, str]) -> Iterator[ForwardCall]:
    """How the forward pass may be called: with a stride of 2, where it takes one, or of 1; of what comes before a
    loss, with nothing first.

    Raises:
        CannotCallLayerError: what an argument gets is not known.
    """
    first = called_with(layer, file, options)
    yield first
    other = called_with(layer, file, {**options, "stride": "1"})
    if other != first:
        yield other
    if first.is_loss:
        for words, expression in _WRAPPED.items():
            scores = expression.format(np=file.numpy_name, x=first.inputs)
            given = {a: scores if text == first.inputs else text for a, text in first.given.items()}
            yield replace(first, given=given, text=call_of(layer, layer.forward, given), before=words)


def called_with(layer: LayerPair, file: Definitions, options: Mapping[str, str]) -> ForwardCall:
    """The forward pass with settings of its own beside the usual ones.

    Raises:
        CannotCallLayerError: what an argument gets is not known.
    """
    function, values = layer.forward, {**_VALUES, **options}
    arrays: dict[str, Role] = {}
    given: dict[str, str] = {}
    set_to: dict[str, str] = {}
    settings = []
    inputs = _inputs(function)
    for argument in function.arguments:
        name = argument.name
        role, keys = meaning(name).role, _keys(file, layer, argument)
        own = {key: meaning(key).role for key in keys if meaning(key).role in PARAMETER_ROLES}
        if name == inputs:
            arrays[free(name)], given[name] = "inputs", free(name)
        elif is_training(name):
            given[name] = "True"
        elif _has_training(name, file):
            given[name] = '"train"'
        elif role in PARAMETER_ROLES or (role == "labels" and argument.required):
            arrays[free(name)] = role
            given[name] = free(name)
        elif argument.required and (own or _SETTINGS.fullmatch(name)):
            keys = keys or _USUAL_KEYS
            arrays |= {free(key): role for key, role in own.items()}
            known = {key: free(key) if key in own else _known_setting(key, values, file) for key in keys}
            known |= {key: _inner(name, layer, file) for key in keys if not known[key]}
            # What has no value here is set by the function itself, or the layer does not run.
            items = {key: f'"{key}": {value}' for key, value in known.items() if value}
            given[name] = "{" + ", ".join(items.values()) + "}"
            settings += [item for key, item in items.items() if key not in own]
            set_to |= {key: known[key] for key in items if key not in own}
        elif argument.required or name in values:
            given[name] = _setting(name, values, file)
            settings.append(f"{name} {given[name]}")
            set_to[name] = given[name]
    held = _labels_read(layer, file) if "labels" not in arrays.values() else ()
    arrays |= dict.fromkeys(held, "labels")
    text = call_of(layer, function, given)
    return ForwardCall(arrays, free(inputs), given, text, set_to, ", ".join(settings), held=held)


def _labels_read(layer: LayerPair, file: Definitions) -> tuple[str, ...]:
    """The labels that a forward pass reads from its object, where something else puts them."""
    if not layer.owner:
        return ()
    own = objects.attributes_read(file, [layer.forward])
    return tuple(name for name in own if meaning(name).role == "labels")


def _inputs(function: Function) -> str:
    """The argument that is the inputs: the first that is no labels, else the first.

    Raises:
        CannotCallLayerError: there is none.
    """
    names = [a.name for a in function.arguments]
    if not names:
        raise CannotCallLayerError(f"{function.name} takes no inputs")
    required = [a.name for a in function.arguments if a.required] or names
    return next((name for name in required if meaning(name).role != "labels"), required[0])


def _has_training(name: str, file: Definitions) -> bool:
    return "'train'" in file.options.get(name, ())


def _inner(name: str, layer: LayerPair, file: Definitions) -> str:
    """A dictionary inside one, for running averages; empty where nothing is looked up in any."""
    inner = [key for f in file.used([layer.forward]) for key in f.keys.get(f"{name}[]", ())]
    return "{" + ", ".join(f'"{key}": 0.0' for key in dict.fromkeys(inner)) + "}" if inner else ""


def call_of(layer: LayerPair, function: Function, given: Mapping[str, str]) -> str:
    """A call of one of the passes."""
    arguments, by_name = [], False
    for argument in function.arguments:
        if argument.name not in given:
            by_name = True
            continue
        named = by_name or argument.keyword_only
        arguments.append(f"{argument.name}={given[argument.name]}" if named else given[argument.name])
    return f"{'layer.' if layer.owner else ''}{function.name}({', '.join(arguments)})"


def _keys(file: Definitions, layer: LayerPair, argument: Argument) -> list[str]:
    """The keys that are looked up in a dictionary of this name, by the two passes or those that they hand it to."""
    looked = (
        key for f in file.used([layer.forward, layer.backward]) for key in f.keys.get(argument.name, ())
    )
    return list(dict.fromkeys(looked))


def _setting(name: str, values: Mapping[str, str], file: Definitions) -> str:
    """A value for a setting.

    Raises:
        CannotCallLayerError: none is known.
    """
    if value := _known_setting(name, values, file):
        return value
    raise CannotCallLayerError(f"what is {name}?")


def _known_setting(name: str, values: Mapping[str, str], file: Definitions) -> str:
    """A value for a setting; empty where none is known."""
    size = size_role(name)
    others = [size_of(size)] if size is not None else list(file.options.get(name, ()))
    known = values.get(name, values.get(name.lower(), ""))
    return known or next(iter(others), "")


def free(name: str) -> str:
    """A name for an array that nothing else in an adapter has."""
    return f"{name}_" if name in RESERVED else name
