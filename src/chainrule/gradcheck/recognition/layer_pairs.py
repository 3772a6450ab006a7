"""Layers: which forward pass of a file belongs to which backward pass."""

from __future__ import annotations

import re
from typing import NamedTuple

from chainrule.gradcheck.program.names import is_rate, l2_name, meaning, names_apart, rank
from chainrule.gradcheck.program.signatures import Definitions, Function

_FORWARD = re.compile(r"forward|fprop|fwd|^__call__$", re.IGNORECASE)
_BACKWARD = re.compile(r"back_?(ward|prop)|bprop|bwd", re.IGNORECASE)
_VARIANT = re.compile(r"_?(alt|alternative|naive|fast|vectori[sz]ed|loops?|simple)$", re.IGNORECASE)


class LayerPair(NamedTuple):
    """A forward pass and its backward pass.

    Attributes:
        owner: the class whose methods they are, which may have inherited them; empty for functions.
    """

    forward: Function
    backward: Function
    owner: str = ""

    @property
    def label(self) -> str:
        """Both names: ``Linear.forward / Linear.backward``."""
        prefix = f"{self.owner}." if self.owner else ""
        return f"{prefix}{self.forward.name} / {prefix}{self.backward.name}"


def layers_of(file: Definitions) -> list[LayerPair]:
    """The layers of a file in its own order; without classes from which others of the file are derived."""
    derived_from = {base for bases in file.bases.values() for base in bases}
    owners = dict.fromkeys(f.owner for f in file.functions if not f.imported)
    pairs = []
    for owner in (owner for owner in owners if owner not in derived_from):
        places = [owner, *file.bases.get(owner, ())]
        reached = [
            f for place in places for f in file.functions if f.owner == place and (owner or not f.imported)
        ]
        own = list({f.name: f for f in reversed(reached)}.values())[::-1]
        for backward in (f for f in own if _BACKWARD.search(f.name) and _is_of_layer(f)):
            forward = _forward_of(backward, own)
            if forward is not None:
                pairs.append(LayerPair(forward, backward, owner))
    return pairs


def only_layers(file: Definitions) -> bool:
    """Whether a file has layers, and no gradient beside them that would be left unchecked if they were."""
    gradients = [f for f in file.functions if rank(f.name, "gradient") is not None and f.arguments]
    return bool(layers_of(file)) and all(_BACKWARD.search(f.name) and _is_of_layer(f) for f in gradients)


def _is_of_layer(backward: Function) -> bool:
    """Whether a backward pass is that of a layer: it takes no labels and no l2, and updates nothing."""
    roles = {meaning(a.name).role for a in backward.arguments if a.required}
    rates = any(is_rate(a.name) for a in backward.arguments)
    return "labels" not in roles and l2_name(a.name for a in backward.arguments) is None and not rates


def _forward_of(backward: Function, functions: list[Function]) -> Function | None:
    """The forward pass of the same name but for words that say its direction; in a class the nearest."""
    others = [
        f
        for f in functions
        if f.gives and f.arguments and not _BACKWARD.search(f.name) and f.name != "__init__"
    ]
    if backward.owner:
        others = [f for f in others if _FORWARD.search(f.name)]
        wanted = re.sub("back_?(ward|prop)", "forward", backward.name)
        return min(others, key=lambda f: (f.name != wanted, names_apart(f.name, backward.name)), default=None)
    for name in (backward.name, _VARIANT.sub("", backward.name)):
        same = [f for f in others if names_apart(f.name, name) == 0]
        forwards = [f for f in same if _FORWARD.search(f.name)] or (same if _has_own_words(name) else [])
        if forwards:
            return forwards[0]
    return None


def _has_own_words(name: str) -> bool:
    return names_apart(name, "") > 0
