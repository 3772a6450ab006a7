"""Parameters in dictionaries of dictionaries: ``net["layer1"]["W"]``, ``params["in"]["w"]``, ``P["weights"]["W1"]``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import product

from chainrule.gradcheck.program.names import Meaning, Role, meaning
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.containers import (
    ContainerLayout,
    ParameterSet,
    as_dictionary,
    each_layer,
)
from chainrule.gradcheck.recognition.conventions import DEEPEST, Convention, of_layer
from chainrule.gradcheck.recognition.penalties import PENALISED, squares_of

_VECTORS: dict[str, Role] = {"scale": "scale", "shift": "shift"}
"""What an array is called beside the weights of its layer that may be anything elsewhere."""

Groups = Mapping[str, Mapping[str, Meaning]]
"""The parameters of each inner dictionary by its key; ``layer#`` stands for layer1, layer2, ..."""


def groups_of(functions: Sequence[Function], names: set[str]) -> Groups:
    """The inner dictionaries in which something of these names is looked up, in the order in which the function
    that knows most of them does; empty where none holds weights."""
    groups: dict[str, dict[str, Meaning]] = {}
    for function in sorted(functions, key=lambda f: -max(len(f.keys.get(name, ())) for name in names)):
        for name in names:
            for key in function.keys.get(name, ()):
                inner = {k: _meaning(k) for k in function.keys.get(f"{name}[{key}]", ())}
                known = {k: m for k, m in inner.items() if m.role != "other"}
                groups.setdefault(key, {}).update(known)
    held = {key: inner for key, inner in groups.items() if inner}
    return held if any(_holds_weights(inner) for inner in held.values()) else {}


def _meaning(key: str) -> Meaning:
    what = meaning(key)
    return Meaning(_VECTORS.get(key, what.role), what.layer)


def _holds_weights(inner: Mapping[str, Meaning]) -> bool:
    return any(m.role == "weights" for m in inner.values())


def nested_dictionaries(name: str, groups: Groups, convention: Convention) -> Iterator[ParameterSet]:
    """A dictionary with one for each layer, counted or called by its name, or with one for each kind."""
    counted = next((key for key, inner in groups.items() if key[-1] == "#" and _holds_weights(inner)), None)
    layouts = (
        _counted(name, counted, groups[counted], convention)
        if counted
        else _written(name, groups, convention)
    )
    for layout in layouts:
        yield from layout.parameter_sets(name, ())


def _counted(
    name: str, key: str, entries: Mapping[str, Meaning], convention: Convention
) -> Iterator[ContainerLayout]:
    """Layers counted from 1, or from 0."""
    weights = next(k for k, m in entries.items() if m.role == "weights")
    squares = squares_of(f"(layer[{weights!r}] for layer in {name}.values())")
    for depths in ((2, 3), (1,)):
        for layers_of, first in product(each_layer(entries, convention), (1, 0)):
            yield ContainerLayout(partial(_numbered, key[:-1], layers_of, first), depths, squares)


def _numbered(start: str, layers_of: Callable[[int], list[str]], first: int, layers: int) -> str:
    return as_dictionary((f"{start}{i}", text) for i, text in enumerate(layers_of(layers), start=first))


def _written(name: str, groups: Groups, convention: Convention) -> Iterator[ContainerLayout]:
    """As many layers as inner dictionaries hold weights, or as their keys count."""
    places = _layers(groups)
    layers = max(places.values())
    if layers > DEEPEST:
        return

    def inner(key: str) -> str:
        own = groups[key].items()
        return as_dictionary((k, of_layer(m.role, places[key, k] - 1, layers, convention)) for k, m in own)

    text = as_dictionary((key, inner(key)) for key in groups)
    penalised = [(key, k) for key, k in places if groups[key][k].role in PENALISED]
    squares = " + ".join(f'({name}["{key}"]["{k}"] ** 2).sum()' for key, k in penalised)
    yield ContainerLayout(lambda _: text, (layers,), squares, fixed=True)


def _layers(groups: Groups) -> dict[tuple[str, str], int]:
    """The layer of every parameter, from 1: what stands apart from the weights belongs to those before it."""
    shift = any(m.layer == 0 for inner in groups.values() for m in inner.values())
    places, layer = {}, 0
    for key in _in_order(groups):
        layer += _holds_weights(groups[key])
        for k, m in groups[key].items():
            places[key, k] = max(layer, 1) if m.layer is None else m.layer + shift
    return places


def _in_order(groups: Groups) -> list[str]:
    """The keys as they count the layers; where they count none, as they are looked up. Filters come first."""
    filters = [key for key, inner in groups.items() if any(m.role == "filters" for m in inner.values())]
    layers = [key for key in groups if key not in filters]
    numbers = {key: int(number[0]) for key in layers if (number := re.findall(r"\d+$", key))}
    ordered = sorted(layers, key=numbers.__getitem__) if len(numbers) == len(layers) else layers
    return [*filters, *ordered]
