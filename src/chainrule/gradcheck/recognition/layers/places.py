"""Where arrays stand in what a layer's backward pass gives or leaves on its object."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.leaves import is_own_object
from chainrule.gradcheck.program.names import Role, is_gradient, meaning

_INPUTS_GRADIENT = re.compile(r"_*d_?(x|inputs?|a_?prev|in|z|s)_*", re.IGNORECASE)
CONTENT = re.compile(r"_*(data|values?|tensor|array|grad(ient)?s?)_*", re.IGNORECASE)
"""What an object that holds one parameter calls the array and its gradient."""

_LETTER_KEY = re.compile(r"\['\w'\]")
_MOST_OBJECTS_DEEP = 4


class ArrayPlace(NamedTuple):
    """An array, the expression that gives it, and the last name or key in that; empty where it is a number.

    Attributes:
        holder: the expression of the object that holds it, where that is one which the layer holds: a parameter with
            its gradient, or another layer. Its key is then all names on the way but those of :data:`CONTENT`.
        own_name: its name there.
        holder_name: what the object calls itself, ``attention/query``.
        in_tuple: in how many tuples it stands, one in the other, of which others are made to put something else in its
            place.
    """

    text: str
    key: str
    array: Array
    holder: str = ""
    own_name: str = ""
    in_tuple: int = 0
    holder_name: str = ""

    @property
    def words(self) -> list[str]:
        """The names and keys in the expression, without the first."""
        return re.findall(r"\w+", self.text)[1:]

    @property
    def is_gradient(self) -> bool:
        """Whether one of its names says that a gradient is held; ``g`` among the keys of a dictionary is a gate or a
        gain."""
        words = re.findall(r"\w+", _LETTER_KEY.sub("", self.text))[1:]
        return any(is_gradient(word.strip("_")) or _INPUTS_GRADIENT.fullmatch(word) for word in words)

    @property
    def name(self) -> str:
        """A name for the array: the last word of its key, else of the expression."""
        return next(iter(re.findall(r"[A-Za-z_]\w*$", self.key)), "_".join(self.words))

    @property
    def role(self) -> Role:
        """What its name says that it is; in an object of a parameter's own, what that is called."""
        words = [word for word in self.words if not CONTENT.fullmatch(word)]
        return meaning(words[-1] if self.holder and words else self.name).role

    @property
    def is_given(self) -> bool:
        """Whether it stands in what a pass gives, rather than on the layer."""
        return not self.text.startswith("layer")

    @property
    def is_attribute(self) -> bool:
        """Whether the layer itself holds it under a name."""
        return not self.holder and "[" not in self.text and self.text.count(".") == 1

    def put(self, array: str) -> str:
        """The expression that puts another array there."""
        if self.in_tuple:
            whole, key = self.text[:-1].rsplit("[", 1)
            parts = f"(*{whole}[:{key}], {array}, *{whole}[{key}:][1:])"
            return ArrayPlace(whole, "", self.array, in_tuple=self.in_tuple - 1).put(parts)
        if self.text.endswith("]"):
            whole, key = self.text[:-1].rsplit("[", 1)
            return f"{whole}.__setitem__({key}, {array})"
        whole, _, attribute = self.text.rpartition(".")
        return f"setattr({whole}, {attribute!r}, {array})"

    def is_among(self, others: Iterable[ArrayPlace]) -> bool:
        """Whether one of the others is the same place, whatever array stands there."""
        return any(self.text == other.text for other in others)


def shape_of(value: Any) -> tuple[int, ...]:
    """The shape of an array; of a list, whose parts may be of several lengths, that of nothing.

    >>> shape_of(np.ones((2, 3))), shape_of([[0, 1], [2]])
    ((2, 3), ())
    """
    return () if isinstance(value, list) else np.shape(value)


def returned(value: Any, text: str, names: Sequence[str] = ()) -> list[ArrayPlace]:
    """The arrays of what a function gives; ``names`` are those of its parts where it gives several."""
    if isinstance(value, tuple | list) and len(value) == len(names):
        parts = [returned(part, f"{text}[{i}]") for i, part in enumerate(value)]
        return [p._replace(key=p.key or name) for name, part in zip(names, parts, strict=True) for p in part]
    return [place for part in _parts(value, text, "") for place in _array(*part[:3], "fciub")]


def of_object(value: Any, text: str) -> list[ArrayPlace]:
    """The arrays that an object holds as attributes, in dictionaries and lists that are, and in objects of these."""
    return list(_of_attributes(value, text, ()))


def numbers(value: Any, given: Sequence[ArrayPlace]) -> list[ArrayPlace]:
    """The numbers that an object holds as attributes whose gradients are given under their names."""
    names = {place.key for place in given}
    held = {name: number for name, number in getattr(value, "__dict__", {}).items() if name in names}
    return [ArrayPlace(f"layer.{n}", n, np.asarray(v)) for n, v in held.items() if type(v) is float]


def called_as(places: Sequence[ArrayPlace], arrays: Mapping[str, Array]) -> list[ArrayPlace]:
    """The same, those of some arrays under the names that these have where a layer holds them inside another."""
    names = {id(array): name for name, array in arrays.items()}
    return [p._replace(key=names.get(id(p.array), p.key)) if p.holder else p for p in places]


def _of_attributes(value: Any, text: str, around: tuple[Any, ...]) -> Iterator[ArrayPlace]:
    """The arrays of an object, and of those inside it; it stands inside others itself, the nearest of these first."""
    called = getattr(value, "name", "")
    called = called if isinstance(called, str) else ""
    for name, attribute in getattr(value, "__dict__", {}).items():
        for part, at, key, in_tuple in _parts(attribute, f"{text}.{name}", name):
            for found in _array(part, at, key, "fc"):
                place = found._replace(in_tuple=in_tuple, holder_name=called)
                yield _of_inner(place, text) if around else place
            is_new = is_own_object(part) and not any(part is outer for outer in (value, *around))
            if is_new and len(around) < _MOST_OBJECTS_DEEP:
                yield from _of_attributes(part, at, (value, *around))


def _of_inner(place: ArrayPlace, holder: str) -> ArrayPlace:
    own = place.key or "_".join(re.findall(r"\w+", place.text.removeprefix(f"{holder}.")))
    key = "_".join(word for word in place.words if not CONTENT.fullmatch(word))
    return place._replace(key=key or own, holder=holder, own_name=own)


def _array(value: Any, text: str, key: str, kinds: str) -> Iterator[ArrayPlace]:
    if isinstance(value, np.ndarray | np.floating) and np.asarray(value).dtype.kind in kinds:
        yield ArrayPlace(text, key, np.asarray(value))


def _parts(
    value: Any, text: str, key: str, in_tuple: int = 0, around: tuple[Any, ...] = ()
) -> Iterator[tuple[Any, str, str, int]]:
    """All that a nest of dictionaries and lists holds, with its expression, the last name or key in that, and in how
    many tuples it stands; nothing of a nest that it stands in itself."""
    entries = _entries(value, text, in_tuple)
    if entries is None:
        yield value, text, key, in_tuple
    elif not any(value is outer for outer in around):
        for inner, at, name, deep in entries:
            yield from _parts(inner, at, name, deep, (*around, value))


def _entries(value: Any, text: str, in_tuple: int) -> list[tuple[Any, str, str, int]] | None:
    """Those of a dictionary, a list or an object of fields, likewise; None for anything else."""
    if isinstance(value, dict):
        return [(inner, f"{text}[{name!r}]", str(name), 0) for name, inner in value.items()]
    if is_dataclass(value) and not isinstance(value, type):
        names = (each.name for each in fields(value) if hasattr(value, each.name))
        return [(getattr(value, name), f"{text}.{name}", name, 0) for name in names]
    if isinstance(value, list | tuple) or _holds_others(value):
        deep = in_tuple + 1 if type(value) is tuple else 0
        return [(inner, f"{text}[{index}]", "", deep) for index, inner in enumerate(value)]
    return None


def _holds_others(value: Any) -> bool:
    """Whether an array holds arrays of several shapes."""
    return isinstance(value, np.ndarray) and value.dtype.kind == "O" and value.ndim == 1


def changed(before: Sequence[ArrayPlace], after: Sequence[ArrayPlace]) -> list[ArrayPlace]:
    """The places whose arrays are new, or others than before; ``before`` holds copies."""
    known = {place.text: place.array for place in before}
    return [p for p in after if p.text not in known or not np.array_equal(known[p.text], p.array)]


def part_of_another(own: Mapping[str, Sequence[ArrayPlace]], made: Sequence[ArrayPlace]) -> str:
    """Where an object holds what lies in the memory of one of these arrays and is not the same, as ``self.W.T`` does;
    empty where nowhere: it stays as it was where the object is given another array."""
    same = {p.text for places in own.values() for p in places}
    others = [p for p in made if p.text not in same]
    arrays = [places[0].array for places in own.values()]
    return next((p.text for p in others if any(np.may_share_memory(p.array, a) for a in arrays)), "")


def settings(own: Mapping[str, Sequence[ArrayPlace]]) -> list[str]:
    """Expressions that put arrays of these names where their objects keep them, on ``layer``."""
    places = [(name, place) for name, same in own.items() for place in same]
    plain = [f"{p.text.removeprefix('layer.')}={name}" for name, p in places if p.is_attribute]
    put = [f"vars(layer).update({', '.join(plain)})"] if plain else []
    return [*put, *(place.put(name) for name, place in places if not place.is_attribute)]
