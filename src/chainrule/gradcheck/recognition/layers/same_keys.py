"""Dictionaries of parameters with the same keys, as ``Wx["f"]`` beside ``Wh["f"]``: what stands in each is called by
both its names."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import groupby

from chainrule.gradcheck.program.names import parameter_names, plain_name
from chainrule.gradcheck.recognition.layers.places import ArrayPlace

_KEPT = re.compile(r"(?:.*\W)?([A-Za-z_]\w*)(?:'\])?\['\w+'\]")
"""A dictionary's own name before the key of what stands in it."""


def sharing(made: Sequence[ArrayPlace], results: Sequence[ArrayPlace]) -> frozenset[str]:
    """The dictionaries of an object that have keys in common, and their gradients dictionaries of their own.

    Args:
        made: the arrays of the object as it was made.
        results: what the backward pass gives, and leaves on the object.
    """
    with_gradients = {
        name
        for p in results
        if (own := _dictionary(p))
        for name in parameter_names(own)
        if p.is_given or name != plain_name(own)
    }
    kept = [(p.key, name) for p in made if plain_name(name := _dictionary(p)) in with_gradients]
    of_keys = [{name for _, name in same} for _, same in groupby(sorted(kept), lambda each: each[0])]
    return frozenset(name for names in of_keys if len(names) > 1 for name in names)


def told_apart(among: Sequence[ArrayPlace], dictionaries: Collection[str]) -> list[ArrayPlace]:
    """The same places, those in these dictionaries and in the dictionaries of their gradients by both names: ``Wx_f``,
    ``dWx_f``."""
    plain = {plain_name(name) for name in dictionaries}
    return [
        p._replace(key=f"{name}_{p.key}")
        if (name := _dictionary(p)) and not plain.isdisjoint(parameter_names(name))
        else p
        for p in among
    ]


def _dictionary(place: ArrayPlace) -> str:
    """What the dictionary is called in which an array stands; empty where it stands in none."""
    held = None if place.holder else _KEPT.fullmatch(place.text)
    return held[1] if held else ""
