"""Dictionaries of parameters with the same keys, as ``Wx["f"]`` beside ``Wh["f"]``: what stands in each is called by
both its names."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import groupby

from chainrule.gradcheck.program.names import PARAMETER_ROLES, parameter_names, plain_name
from chainrule.gradcheck.recognition.layers.kinds import kind_of
from chainrule.gradcheck.recognition.layers.places import ArrayPlace

_KEPT = re.compile(r"(?:.*\W)?([A-Za-z_]\w*)(?:'\])?\['\w+'\]")
"""A dictionary's own name before the key of what stands in it."""


def sharing(made: Sequence[ArrayPlace]) -> frozenset[str]:
    """The dictionaries of an object that are called as parameters are and have keys in common."""
    kept = [(p.key, name) for p in made if (name := _dictionary(p)) and kind_of(name) in PARAMETER_ROLES]
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
