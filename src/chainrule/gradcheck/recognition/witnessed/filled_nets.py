"""Nets that are filled with layers, where their file fills none: with two layers that have weights, and what has none
between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import FunctionKind, is_update, rank, stands_beside
from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition.conventions import Convention

_ADDING = ("add", "add_layer", "addlayer", "add_dense", "append", "push")
_GIVES_SHARES = re.compile(r"softmax|sigmoid|logistic")
_SIZES = ("input size", "output size")
_OF_A_LAYER = {"input size", "hidden size", "output size"}


def layers_of(file: Definitions, convention: Convention) -> Iterator[list[str]]:
    """The expressions that make layers of a file's classes, one after the other: the last with weights, or with what
    makes probabilities behind it; none where it has none such."""
    layers = [c for owner, c in file.constructors.items() if _has_passes(owner, file)]
    weighted = next((c for c in layers if _sizes(c) == _SIZES), None)
    plain = [c.owner for c in layers if not any(a.required for a in c.arguments)]
    if weighted is None:
        return
    first, hidden, last = convention.widths(2)
    between = [f"{owner}()" for owner in plain if not _GIVES_SHARES.search(owner.lower())][:1]
    every = [f"{weighted.owner}({first}, {hidden})", *between, f"{weighted.owner}({hidden}, {last})"]
    yield every
    yield from ([*every, f"{owner}()"] for owner in plain if _GIVES_SHARES.search(owner.lower()))


class FilledNet(NamedTuple):
    """An object that trains.

    Attributes:
        text: the expression that makes it.
        is_files: whether the file's own code puts it together, of sizes alone; not where we have chosen its layers, or
            another method may be meant to add or complete some, as ``add_output_layer`` and ``build``.
    """

    text: str
    is_files: bool


def filled(made: str, owner: str, file: Definitions, convention: Convention) -> Iterator[FilledNet]:
    """An object filled with layers, in the place of one that is made empty."""
    adding = next((f for f in file.functions if f.owner == owner and f.name.lower() in _ADDING), None)
    if adding is not None:
        is_files = all(size_role(a.name) for a in adding.arguments) and not _has_other_ways(adding, file)
        for each in _calls_with_sizes(adding, file, convention):
            yield FilledNet(f"(made := {made}, {', '.join(each)}, made)[-1]", is_files)
    holds = "layers" in file.constructors[owner].attributes.sets
    for layers in layers_of(file, convention) if adding is not None or holds else ():
        if adding is None:
            yield FilledNet(f"(made := {made}, made.layers.extend([{', '.join(layers)}]), made)[-1]", False)
        elif len(adding.arguments) == 1:
            calls = ", ".join(f"made.{adding.name}({layer})" for layer in layers)
            yield FilledNet(f"(made := {made}, {calls}, made)[-1]", False)


def _has_other_ways(adding: Function, file: Definitions) -> bool:
    """Whether a class has a public method, beside one that adds layers, that may change them before a training: all
    but what a training uses, gives something of data, or of the object without changing it, or stands beside it."""
    own = [f for f in file.functions if f.owner == adding.owner]
    known = {f.name for f in file.used([f for f in own if _is_of_training(f)])} | {adding.name, "__init__"}
    others = (f for f in own if f.name not in known and not f.name.startswith("_") and not f.is_property)
    return any(not stands_beside(f.name) and not _only_gives(f) for f in others)


def _is_of_training(function: Function) -> bool:
    """Whether a method is given data, and trains on them or gives something of them; or is a pass by its name."""
    kinds: tuple[FunctionKind, ...] = ("cost", "gradient", "forward", "numeric")
    of_data = any(meaning(a.name).role in ("inputs", "labels") for a in function.arguments) or function.pairs
    is_pass = bool(function.arguments) and any(rank(function.name, kind) is not None for kind in kinds)
    return is_pass or (bool(of_data) and (function.gives or is_update(function.name)))


def _only_gives(function: Function) -> bool:
    """Whether a method gives something of its object, and changes nothing that can be seen."""
    changes = any((function.changed, function.fields_set, *function.attributes[1:3]))
    return function.gives and function.returned != "self" and not function.arguments and not changes


def _calls_with_sizes(adding: Function, file: Definitions, convention: Convention) -> Iterator[list[str]]:
    """The calls of a method that makes a layer of its sizes, and of a text that says its activation, for two layers;
    none where it asks for anything else."""
    asked = [a.name for a in adding.arguments if a.required]
    sizes = {name: role for name in asked if (role := size_role(name)) is not None}
    texts = [file.options.get(name, ()) for name in asked if name not in sizes]
    if not sizes or not _OF_A_LAYER.issuperset(sizes.values()) or len(texts) > 1 or not all(texts):
        return
    widths = convention.widths(2)

    def call(layer: int, text: str, *named: str) -> str:
        of_inputs = {"input size"} if len(sizes) > 1 else set()
        given = [
            str(widths[layer + (sizes[name] not in of_inputs)]) if name in sizes else text for name in asked
        ]
        return f"made.{adding.name}({', '.join([*given, *named])})"

    activations = texts[0] if texts else ("",)
    hidden = next((text for text in activations if not _GIVES_SHARES.search(text.lower())), activations[0])
    yield from ([call(0, hidden), call(1, last)] for last in activations)
    optional = [a for a in adding.arguments if not a.required and file.options.get(a.name)][:1]
    for argument in optional if not texts else ():
        for last in file.options[argument.name]:
            if last != argument.default:
                yield [call(0, ""), call(1, "", f"{argument.name}={last}")]


def _has_passes(owner: str, file: Definitions) -> bool:
    """Whether a class has a forward pass, and a backward pass that is given what comes back."""
    own: list[Function] = [f for f in file.functions if f.owner == owner]
    forward = any(rank(f.name, "forward") is not None and f.arguments for f in own)
    return forward and any(rank(f.name, "gradient") is not None and f.arguments for f in own)


def _sizes(constructor: Function) -> tuple[object, ...]:
    """What sizes a constructor asks for that must be given."""
    return tuple(size_role(a.name) for a in constructor.arguments if a.required)
