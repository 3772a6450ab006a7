"""How the two passes of a layer are called: what each argument gets, as an expression of an adapter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chainrule.gradcheck.program.names import PARAMETER_ROLES, Role, is_gradient, meaning, size_role
from chainrule.gradcheck.program.signatures import Argument, Definitions, Function
from chainrule.gradcheck.recognition.layer_pairs import LayerPair
from chainrule.gradcheck.recognition.parameters import SIZES

DOUT = "R"
OUT = "out"
"""What an adapter calls dJ/dout, and what the forward pass gives."""

_RESERVED = {DOUT, OUT, "g", "layer", "made", "fresh", "rng", "copy", "np"}
_UPSTREAM = re.compile(
    r"d[a-z]?(out|a|z|y|h|s|l)\w*|\w*(grad|delta|error|upstream|diff)\w*|g|d", re.IGNORECASE
)
_CACHE = re.compile(r"\w*cache\w*|ctx|context|mem(ory)?|saved|tape", re.IGNORECASE)
_SETTINGS = re.compile(r"\w*(params?|parameters|config|cfg|settings|options|conf)", re.IGNORECASE)
_TRAINING = re.compile(r"(is_?)?train(ing)?(_?(mode|phase))?", re.IGNORECASE)
_VALUES = {
    "stride": "2", "f": "2", "mode": '"train"', "eps": "1e-5", "epsilon": "1e-5", "momentum": "0.9", "seed": "0",
    "p": "0.5", "keep_prob": "0.5", "dropout": "0.5", "pool_height": "2", "pool_width": "2", "pool_size": "2",
}  # fmt: skip
"""Of settings in a dictionary, by key."""


class CannotCallLayerError(Exception):
    """An argument whose meaning is not known."""


@dataclass(frozen=True)
class ForwardCall:
    """The forward pass as it is called.

    Attributes:
        arrays: its arrays by the name that an adapter gives them, the inputs first.
        given: what each of its arguments gets.
        settings: how it is set, in words; empty where nothing is.
    """

    arrays: Mapping[str, Role]
    given: Mapping[str, str]
    text: str
    settings: str = ""


def forward_calls(layer: LayerPair, file: Definitions) -> Iterator[ForwardCall]:
    """How the forward pass may be called: with a stride of 2, where it takes one, or of 1.

    Raises:
        CannotCallLayerError: what an argument gets is not known.
    """
    first = _forward_call(layer, file, _VALUES)
    yield first
    if '"stride": 2' in first.settings:
        yield _forward_call(layer, file, _VALUES | {"stride": "1"})


def _forward_call(layer: LayerPair, file: Definitions, values: Mapping[str, str]) -> ForwardCall:
    function = layer.forward
    arrays: dict[str, Role] = {}
    given: dict[str, str] = {}
    settings = []
    for argument in function.arguments:
        role, keys = meaning(argument.name).role, _keys(file, layer, argument)
        own = {key: meaning(key).role for key in keys if meaning(key).role in PARAMETER_ROLES}
        if not arrays:
            name = _free(argument.name)
            arrays[name], given[argument.name] = "inputs", name
        elif _TRAINING.fullmatch(argument.name):
            given[argument.name] = "True"
        elif argument.name == "mode" and "'train'" in file.options.get("mode", ()):
            given[argument.name] = '"train"'
        elif role in PARAMETER_ROLES:
            arrays[_free(argument.name)] = role
            given[argument.name] = _free(argument.name)
        elif argument.required and (own or _SETTINGS.fullmatch(argument.name)):
            arrays |= {_free(key): role for key, role in own.items()}
            known = {key: _free(key) if key in own else _known_setting(key, values, file) for key in keys}
            # What has no value here is set by the function itself, or the layer does not run.
            items = {key: f'"{key}": {value}' for key, value in known.items() if value}
            given[argument.name] = "{" + ", ".join(items.values()) + "}"
            settings += [item for key, item in items.items() if key not in own]
        elif argument.required:
            given[argument.name] = _setting(argument.name, values, file)
            settings.append(f"{argument.name} {given[argument.name]}")
    return ForwardCall(arrays, given, _call(layer, function, given), ", ".join(settings))


def backward_calls(layer: LayerPair, forward: ForwardCall, returned: Any, file: Definitions) -> Iterator[str]:
    """How the backward pass may be called, where the forward pass gives ``returned``.

    Raises:
        CannotCallLayerError: what an argument gets is not known.
    """
    function = layer.backward
    given: dict[str, str] = {}
    open_ones: list[Argument] = []
    parts = _parts(layer.forward, returned)
    for argument in (a for a in function.arguments if a.required):
        known = _known(layer, forward, argument, parts)
        if known:
            given[argument.name] = known
        elif _CACHE.fullmatch(argument.name):
            given[argument.name] = _cache(returned)
        elif argument.name in file.options:
            given[argument.name] = file.options[argument.name][0]
        else:
            open_ones.append(argument)
    dout = next((a for a in open_ones if _UPSTREAM.fullmatch(a.name) or is_gradient(a.name)), None)
    dout = dout or next(iter(open_ones), None)
    rest = [a for a in open_ones if a is not dout]
    if dout is None or len(rest) > 1:
        raise CannotCallLayerError(f"{function.name}: what is {(rest or function.arguments)[0].name}?")
    given[dout.name] = DOUT
    if rest:
        # Beside dJ/dout the forward pass has more to hand over, or its inputs are meant.
        given[rest[0].name] = _cache(returned) if isinstance(returned, tuple) else next(iter(forward.arrays))
    yield _call(layer, function, given)


def _known(layer: LayerPair, forward: ForwardCall, argument: Argument, parts: Mapping[str, str]) -> str:
    """What an argument of the backward pass gets by its name; empty where that does not say."""
    if argument.name in forward.given:
        return forward.given[argument.name]
    if argument.name in parts:
        return parts[argument.name]
    roles = [name for name, role in forward.arrays.items() if role == meaning(argument.name).role]
    return roles[0] if len(roles) == 1 else ""


def _parts(function: Function, returned: Any) -> dict[str, str]:
    """The parts of what the forward pass gives by the names that they have in it."""
    if not isinstance(returned, tuple) or len(returned) != len(function.returns):
        return {}
    return {name: f"{OUT}[{place}]" for place, name in enumerate(function.returns) if name}


def _cache(returned: Any) -> str:
    if not isinstance(returned, tuple | list) or len(returned) < 2:
        raise CannotCallLayerError("the forward pass gives no cache")
    return f"{OUT}[1]" if len(returned) == 2 else f"{OUT}[1:]"


def _call(layer: LayerPair, function: Function, given: Mapping[str, str]) -> str:
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
    others = [SIZES[size]] if size is not None else list(file.options.get(name, ()))
    return next(iter([values[name.lower()]] if name.lower() in values else others), "")


def _free(name: str) -> str:
    """A name for an array that nothing else in an adapter has."""
    return f"{name}_" if name in _RESERVED else name
