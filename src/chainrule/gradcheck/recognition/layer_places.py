"""Where arrays stand in what a layer's backward pass gives or leaves on its object, and which are whose gradients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.names import parameter_names, plain_name


class ArrayPlace(NamedTuple):
    """An array, the expression that gives it, and the last name or key in that; empty where it is a number."""

    text: str
    key: str
    array: Array


def returned(value: Any, text: str, names: Sequence[str] = ()) -> list[ArrayPlace]:
    """The arrays of what a function gives; ``names`` are those of its parts where it gives several."""
    if isinstance(value, tuple | list) and len(value) == len(names):
        parts = [returned(part, f"{text}[{i}]") for i, part in enumerate(value)]
        return [p._replace(key=p.key or name) for name, part in zip(names, parts, strict=True) for p in part]
    return list(_walk(value, text, ""))


def of_object(value: Any, text: str) -> list[ArrayPlace]:
    """The arrays that an object holds as attributes, or in dictionaries and lists that are."""
    attributes = getattr(value, "__dict__", {})
    return [place for name, inner in attributes.items() for place in _walk(inner, f"{text}.{name}", name)]


def _walk(value: Any, text: str, key: str) -> Iterator[ArrayPlace]:
    if isinstance(value, np.ndarray | np.floating) and np.asarray(value).dtype.kind in "fc":
        yield ArrayPlace(text, key, np.asarray(value))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _walk(inner, f"{text}[{name!r}]", str(name))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _walk(inner, f"{text}[{index}]", "")


def changed(before: Sequence[ArrayPlace], after: Sequence[ArrayPlace]) -> list[ArrayPlace]:
    """The places whose arrays are new, or others than before; ``before`` holds copies."""
    known = {place.text: place.array for place in before}
    return [p for p in after if p.text not in known or not np.array_equal(known[p.text], p.array)]


def by_name(name: str, among: Sequence[ArrayPlace]) -> ArrayPlace | None:
    """The gradient of the array of this name: ``dW``, ``grad_W``, ``W`` itself where gradients are kept apart."""
    return next(
        (place for place in among if place.key and plain_name(name) in parameter_names(place.key)), None
    )


def gradients(
    names: Sequence[str], given: Sequence[ArrayPlace], left: Sequence[ArrayPlace]
) -> dict[str, str]:
    """The expression of each array's gradient, by the array's name; without those that have none.

    Args:
        names: of the arrays, the inputs first.
        given: what the backward pass gives.
        left: what it leaves on its object.
    """
    met: dict[str, ArrayPlace] = {}
    for name in names:
        place = by_name(name, given) or by_name(name, left)
        if place is not None and place not in met.values():
            met[name] = place
    others = [name for name in names if name not in met]
    free = [place for place in given if all(place.text != p.text for p in met.values())]
    if len(free) == len(others) or (len(free) == 1 and others == names[: len(others)]):
        met |= dict(zip(others, free, strict=False))
    return {name: met[name].text for name in names if name in met}


def settings(own: Mapping[str, Sequence[ArrayPlace]]) -> list[str]:
    """Expressions that put arrays of these names where their objects keep them, on ``layer``."""
    plain = {n: p.text.removeprefix("layer.") for n, ps in own.items() for p in ps if "[" not in p.text}
    put = [f"vars(layer).update({', '.join(f'{attribute}={name}' for name, attribute in plain.items())})"]
    kept = [(n, *p.text[:-1].rsplit("[", 1)) for n, ps in own.items() for p in ps if "[" in p.text]
    return [*(put if plain else []), *(f"{whole}.__setitem__({key}, {name})" for name, whole, key in kept)]
