"""What names mean in a file whose net has batch norm, with scales and shifts that are called by their first letters:
``G`` and ``B`` beside weights ``W`` and biases ``b``. Alone, G is what comes back from the layers behind."""

from __future__ import annotations

from collections.abc import Iterable

from chainrule.gradcheck.program.spoken import SpokenMeaning, all_called

_LISTED = r"s?(_?(list|lst|all))?"


def norm_names(names: Iterable[str]) -> dict[str, SpokenMeaning]:
    """What G and B mean where all four are among some names; nothing where they are not, or gamma is there.

    >>> norm_names(["X", "W", "b", "G", "B"])
    {'G': ('scale', None), 'B': ('shift', None)}
    >>> norm_names(["X", "W", "b", "G"])
    {}
    """
    every = list(dict.fromkeys(names))
    weights, biases, scales, shifts = (
        all_called(rf"(?-i:{letter}){_LISTED}", every) for letter in ("W", "b", "G", "B")
    )
    if not (weights and biases and scales and shifts) or all_called(rf"gamma{_LISTED}", every):
        return {}
    told: dict[str, SpokenMeaning] = dict.fromkeys(scales, ("scale", None))
    return told | dict.fromkeys(shifts, ("shift", None))
