"""Attributes that hold the arrays of the parameters a second time, as ``self.params = {"W": self.W}`` does: they are
given the same arrays, as whoever changes these where they are means both.

Which they are is seen on an object as its constructor makes it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from chainrule.gradcheck.recognition.calling import AdapterPlan, CannotCallError
from chainrule.gradcheck.recognition.held_copies import HeldCopy, copies
from chainrule.gradcheck.recognition.other_plans import made_as
from chainrule.gradcheck.recognition.parameters import NET

_MOST_ENTRIES = 100
"""Of a list or a dictionary that may hold parameters; of data there are more."""


def shared_arrays(plan: AdapterPlan) -> dict[str, str]:
    """The attributes that hold parameters beside those that they are put on, with what they hold then; none where
    nothing that is called reads them.

    Raises:
        CannotCallError: one that is read lies in the memory of a parameter, as a part of it does.
    """
    put = {name for name in plan.parameters.put if name in plan.parameters.values}
    if not put or plan.parameters.inner:
        return {}
    read, attributes = _read(plan), plan.made(plan.parameters.net)
    for name in sorted(read - put):
        if part_of := _part_of(attributes.get(name), attributes, put):
            raise CannotCallError(f"{name} lies in the memory of {part_of}")
    return {name: text for name, text in held_again(attributes, put).items() if name in read}


def copies_of(plan: AdapterPlan, names: Iterable[str]) -> list[HeldCopy]:
    """The copies of its parameters that an object holds and that are read.

    Args:
        names: of the parameters.
    """
    attributes, read = plan.made(made_as(plan)), _read(plan)
    own = {name: attributes[name] for name in names if name in attributes}
    return copies({n: attributes[n] for n in sorted(read - {*own}) if n in attributes}, own)


def _read(plan: AdapterPlan) -> set[str]:
    """The attributes that are read of an object, or changed in part."""
    reached = plan.file.reached(plan.functions.given)
    return {name for f in reached for name in (*f.attributes.reads, *f.attributes.changes)}


def held_again(attributes: Mapping[str, Any], put: Collection[str]) -> dict[str, str]:
    """The attributes of an object that hold what others do, each as an expression in which these stand by their names.

    Args:
        attributes: they, with what they hold.
        put: the others.

    >>> W, b = np.ones((2, 3)), np.ones(2)
    >>> held_again({"W": W, "b": b, "all": [W, b], "own": {"W": W, "rate": 0.1}, "old": W.copy()}, ["W", "b"])
    {'all': '[W, b]', 'own': "{**net.own, 'W': W}"}
    """
    known = {id(part): text for name in put for text, part in _parts(attributes.get(name), name)}
    places = {name: f"{NET}.{name}" for name in attributes if name not in put}
    texts = {name: _again(attributes[name], place, known) for name, place in places.items()}
    return {name: text for name, text in texts.items() if text != places[name]}


def _parts(value: Any, place: str, around: tuple[Any, ...] = ()) -> Iterator[tuple[str, Any]]:
    """What can be changed where it is of a value, and where it stands: arrays, lists and dictionaries; none that it
    stands in itself."""
    if any(value is outer for outer in around):
        return
    if isinstance(value, np.ndarray | list | dict):
        yield place, value
    for inner, part in _entries(value, place):
        yield from _parts(part, inner, (*around, value))


def _entries(value: Any, place: str) -> list[tuple[str, Any]]:
    """The entries of a list, a tuple or a dictionary, each with where it stands."""
    if not isinstance(value, list | tuple | dict) or len(value) > _MOST_ENTRIES:
        return []
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    return [(f"{place}[{key!r}]", part) for key, part in pairs]


def _again(value: Any, place: str, known: Mapping[int, str], around: tuple[Any, ...] = ()) -> str:
    """The expression of a value with what is known in it; where it holds none of that, its place."""
    if id(value) in known or any(value is outer for outer in around):
        return known.get(id(value), place)
    entries = _entries(value, place)
    texts = [_again(part, inner, known, (*around, value)) for inner, part in entries]
    if texts == [inner for inner, _ in entries]:
        return place
    if isinstance(value, dict):
        new = [f"{key!r}: {t}" for key, t, (old, _) in zip(value, texts, entries, strict=True) if t != old]
        return f"{{{', '.join([*[f'**{place}'] * (len(new) < len(value)), *new])}}}"
    return f"({', '.join(texts)},)" if isinstance(value, tuple) else f"[{', '.join(texts)}]"


def _part_of(value: Any, attributes: Mapping[str, Any], put: Collection[str]) -> str:
    """Which of some attributes an array overlaps that is none of theirs; empty where it overlaps none."""
    parts = [(name, part) for name in put for _, part in _parts(attributes.get(name), name)]
    if not isinstance(value, np.ndarray) or any(value is part for _, part in parts):
        return ""
    arrays = ((name, part) for name, part in parts if isinstance(part, np.ndarray))
    return next((name for name, part in arrays if np.may_share_memory(value, part)), "")
