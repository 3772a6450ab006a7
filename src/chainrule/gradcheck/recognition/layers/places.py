"""Where arrays stand in what a layer's backward pass gives or leaves on its object, and which are whose gradients."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.leaves import is_own_object
from chainrule.gradcheck.program.names import (
    PARAMETER_ROLES,
    Role,
    is_gradient,
    meaning,
    parameter_names,
    plain_name,
)

_INPUTS_GRADIENT = re.compile(r"_*d_?(x|inputs?|a_?prev|in|z|s)_*", re.IGNORECASE)
_CONTENT = re.compile(r"_*(data|values?|tensor|array|grad(ient)?s?)_*", re.IGNORECASE)
"""What an object that holds one parameter calls the array and its gradient."""

_LETTER_KEY = re.compile(r"\['\w'\]")
_MOST_OBJECTS_DEEP = 4


class ArrayPlace(NamedTuple):
    """An array, the expression that gives it, and the last name or key in that; empty where it is a number.

    Attributes:
        holder: the expression of the object that holds it, where that is one which the layer holds: a parameter with
            its gradient, or another layer. Its key is then all names on the way but those of :data:`_CONTENT`.
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
        words = [word for word in self.words if not _CONTENT.fullmatch(word)]
        return meaning(words[-1] if self.holder and words else self.name).role

    @property
    def is_given(self) -> bool:
        """Whether it stands in what a pass gives, rather than on the layer."""
        return not self.text.startswith("layer")

    @property
    def is_attribute(self) -> bool:
        """Whether the layer itself holds it under a name."""
        return not self.holder and "[" not in self.text

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
    key = "_".join(word for word in place.words if not _CONTENT.fullmatch(word))
    return place._replace(key=key or own, holder=holder, own_name=own)


def _array(value: Any, text: str, key: str, kinds: str) -> Iterator[ArrayPlace]:
    if isinstance(value, np.ndarray | np.floating) and np.asarray(value).dtype.kind in kinds:
        yield ArrayPlace(text, key, np.asarray(value))


def _parts(value: Any, text: str, key: str, in_tuple: int = 0) -> Iterator[tuple[Any, str, str, int]]:
    """All that a nest of dictionaries and lists holds, with its expression, the last name or key in that, and in how
    many tuples it stands."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _parts(inner, f"{text}[{name!r}]", str(name))
    elif is_dataclass(value) and not isinstance(value, type):
        for name in (each.name for each in fields(value) if hasattr(value, each.name)):
            yield from _parts(getattr(value, name), f"{text}.{name}", name)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _parts(inner, f"{text}[{index}]", "", in_tuple + 1 if type(value) is tuple else 0)
    else:
        yield value, text, key, in_tuple


def changed(before: Sequence[ArrayPlace], after: Sequence[ArrayPlace]) -> list[ArrayPlace]:
    """The places whose arrays are new, or others than before; ``before`` holds copies."""
    known = {place.text: place.array for place in before}
    return [p for p in after if p.text not in known or not np.array_equal(known[p.text], p.array)]


def by_name(name: str, among: Sequence[ArrayPlace], *, by_role: bool = True) -> ArrayPlace | None:
    """The gradient of the array of this name: ``dW``, ``grad_W``, ``W`` itself where gradients are kept apart; else, if
    a role says enough, the only one of its own: ``dW`` of ``weights``."""
    named = [
        p for p in among if p.key and plain_name(name) in parameter_names(p.key) | parameter_names(p.name)
    ]
    # Of A and a, each has its own.
    named.sort(key=lambda p: not p.key.endswith(name))
    role = meaning(name).role
    if by_role and not named and role in ("inputs", *PARAMETER_ROLES):
        alike = [p for p in among if any(meaning(known).role == role for known in parameter_names(p.name))]
        named = alike if len(alike) == 1 else []
    return next(iter(named), None)


def gradients(
    arrays: Mapping[str, Array], given: Sequence[ArrayPlace], left: Sequence[ArrayPlace]
) -> dict[str, str]:
    """The expression of each array's gradient, by the array's name; without those that have none.

    Args:
        arrays: by name, the inputs first.
        given: what the backward pass gives.
        left: what it leaves on its object.
    """
    names = list(arrays)
    met: dict[str, ArrayPlace] = {}
    # What is called after one array is of no other that has the same role.
    for by_role, name in product((False, True), names):
        among = ([p for p in each if not p.is_among(met.values())] for each in (given, left))
        place = next(filter(None, (by_name(name, each, by_role=by_role) for each in among)), None)
        if place is not None and name not in met:
            met[name] = place
    others = [name for name in names if name not in met]
    free = [place for place in given if not place.is_among(met.values())]
    if len(free) == len(others) or (len(free) == 1 and others == names[: len(others)]):
        met |= dict(zip(others, free, strict=False))
    if names and names[0] not in met:
        sized = [place for place in left if place.array.shape == arrays[names[0]].shape and place.is_gradient]
        met |= {names[0]: sized[0]} if len(sized) == 1 else {}
    return {name: met[name].text for name in names if name in met}


def left_as_made(
    made: Sequence[ArrayPlace], after: Sequence[ArrayPlace], known: Sequence[ArrayPlace]
) -> dict[str, tuple[ArrayPlace, ArrayPlace]]:
    """Parameters that are not known yet, and the gradients that their object has for them and the backward pass leaves
    as they are, by the parameters' names."""
    gradients = [p for p in after if p.is_gradient and not p.is_among(known)]
    others = [p for p in made if not p.is_gradient and p.name and not p.is_among(known)]
    met = {
        p.name: (p, by_name(p.name, [g for g in gradients if g.array.shape == p.array.shape])) for p in others
    }
    return {
        name: (p, g)
        for name, (p, g) in met.items()
        if g is not None and plain_name(name) in parameter_names(g.name)
    }


def of_shapes(arrays: Mapping[str, Array], free: Sequence[ArrayPlace]) -> dict[str, ArrayPlace]:
    """What a backward pass gives without a name, by the name of the array where each alone is of that shape."""
    unnamed = [place for place in free if not place.key]
    shapes = [place.array.shape for place in unnamed]
    wanted = [array.shape for array in arrays.values()]
    return {
        name: unnamed[shapes.index(array.shape)]
        for name, array in arrays.items()
        if shapes.count(array.shape) == wanted.count(array.shape) == 1
    }


def beside_inputs(
    inputs: Any, after: Sequence[ArrayPlace], changed: Sequence[ArrayPlace]
) -> list[ArrayPlace]:
    """What stands beside the inputs in an object that holds them as ``value`` and nothing but one array besides, which
    the backward pass has left there: their gradient, whatever it is called."""
    holders = {p.holder for p in after if p.holder and p.array is inputs and _CONTENT.fullmatch(p.own_name)}
    beside = {h: [p for p in after if p.holder == h and p.array is not inputs] for h in holders}
    alone = [found[0] for found in beside.values() if len(found) == 1]
    return [p for p in alone if p.is_among(changed) and p.array.shape == np.shape(inputs)]


def in_a_row(arrays: Mapping[str, Array], free: Sequence[ArrayPlace]) -> dict[str, ArrayPlace]:
    """What a backward pass gives, by the names of the only arrays one after the other that have the same shapes in this
    order, but for axes of length 1, and the names where it gives any; nothing where there are none such, or several."""
    names = list(arrays)
    rows = [names[start : start + len(free)] for start in range(len(names) - len(free) + 1)]
    fitting = [row for row in rows if all(_may_be_of(arrays, n, g) for n, g in zip(row, free, strict=True))]
    return dict(zip(fitting[0], free, strict=True)) if free and len(fitting) == 1 else {}


def _may_be_of(arrays: Mapping[str, Array], name: str, gradient: ArrayPlace) -> bool:
    shapes = ([size for size in each.shape if size > 1] for each in (arrays[name], gradient.array))
    named = [n for n in arrays if by_name(n, [gradient]) is not None]
    return next(shapes) == next(shapes) and (not named or name in named)


def parameters(
    made: Sequence[ArrayPlace],
    results: Sequence[ArrayPlace],
    updated: Sequence[ArrayPlace],
    taken: Sequence[str],
) -> tuple[dict[str, list[ArrayPlace]], dict[str, ArrayPlace]]:
    """The parameters among the arrays of an object, each with all places where it is kept, and their gradients.

    Args:
        made: the arrays of the object as it was made.
        results: what the backward pass gives, and leaves on the object.
        updated: the arrays of the object that the backward pass has changed by a rate of 1; these have a gradient too,
            which the second of the returned does not name.
        taken: names that other arrays have.
    """
    own: dict[str, list[ArrayPlace]] = {}
    met: dict[str, ArrayPlace] = {}
    new = [p for p in results if not p.is_among(made) or p.is_gradient or _is_named_after_one(p, made)]
    kept = [p for p in new if p.is_among(made)]
    free = [p for p in made if not p.is_gradient or any(_is_named_after_one(each, [p]) for each in results)]
    for place in (p for p in free if not (p.is_among(kept) or p.name in taken)):
        same = [other for other in made if other.array is place.array]
        found = (_returned_for(p, new) or _beside(p, new) or by_name(p.key and p.name, new) for p in same)
        gradient = next(filter(None, found), None)
        if place.name in own or same[0] is not place or not (gradient or place.is_among(updated)):
            continue
        own[place.name] = same
        if gradient is not None and not gradient.is_among(met.values()):
            met[place.name] = gradient
    return {
        name: same for name, same in own.items() if name in met or any(p.is_among(updated) for p in same)
    }, met


def _returned_for(place: ArrayPlace, among: Sequence[ArrayPlace]) -> ArrayPlace | None:
    """What is returned under the name of an array that an inner object holds: a net may have added a penalty to what it
    has left there."""
    given = [p for p in among if place.holder and p.is_given]
    named = by_name(place.name, [p for p in given if p.array.shape == place.array.shape])
    return named if named is not None and plain_name(place.name) in parameter_names(named.key) else None


def _is_named_after_one(place: ArrayPlace, made: Sequence[ArrayPlace]) -> bool:
    """Whether an array is called the gradient of another one of its shape: ``dgain`` beside ``gain``."""
    names = parameter_names(place.name) - {plain_name(place.name)}
    alike = (p for p in made if p.array is not place.array and p.array.shape == place.array.shape)
    return any(plain_name(p.name) in names for p in alike)


def by_shape(
    made: Sequence[ArrayPlace], changed: Sequence[ArrayPlace], known: Iterable[ArrayPlace]
) -> dict[str, tuple[ArrayPlace, ArrayPlace]]:
    """Parameters and what the backward pass leaves on their object under a name that says nothing, by the parameters'
    names: ``delta_w``, where it alone is of the shape of ``W``, and ``W`` alone of its.

    Args:
        made: the arrays of the object as it was made.
        changed: those that the backward pass has made or changed.
        known: what is known to be a parameter or a gradient.
    """
    unknown = [p for p in made if p.role in PARAMETER_ROLES and not p.is_gradient]
    unknown = [p for p in unknown if not (p.is_among(known) or p.is_among(changed))]
    free = [
        p for p in changed if not p.is_among(known) and p.role not in (*PARAMETER_ROLES, "inputs", "labels")
    ]
    shapes = [p.array.shape for p in unknown]
    alike = {p.text: [g for g in free if g.array.shape == p.array.shape] for p in unknown}
    return {
        p.name: (p, alike[p.text][0])
        for p in unknown
        if len(alike[p.text]) == 1 and shapes.count(p.array.shape) == 1
    }


def _beside(place: ArrayPlace, among: Sequence[ArrayPlace]) -> ArrayPlace | None:
    """The gradient at the same place of a list or dictionary of gradients, ``grads[0]`` of ``params[0]``, or in the
    object that holds an array: ``weight.grad`` of ``weight.data``, ``layers[0].dW`` of ``layers[0].W``."""
    inside = place.text.partition("[")[2]
    # What is given at the same place of a list of lists is no gradient of anything else.
    given = "[" in inside
    alike = [
        p
        for p in among
        if inside and p.text.partition("[")[2] == inside and (p.is_gradient or (given and p.is_given))
    ]
    # Of several objects that hold dictionaries each has its own.
    alike.sort(key=lambda p: p.holder != place.holder)
    alike += [p for p in among if _same_place_of_list(place, p) or _is_called_after_both(place, p)]
    held = [p for p in among if place.holder and p.is_gradient and p.holder == place.holder]
    if _CONTENT.fullmatch(place.own_name) or len(held) == 1:
        alike += held
    else:
        named = by_name(place.own_name, [p._replace(key=p.own_name) for p in held])
        alike += [p for p in held if named is not None and p.text == named.text]
    return next((p for p in alike if p.array.shape == place.array.shape), None)


def _same_place_of_list(place: ArrayPlace, gradient: ArrayPlace) -> bool:
    """Whether a gradient stands in a list that a backward pass gives where its array stands in one of the object:
    ``g[2][0]``, which the pass calls ``grads``, of ``params[0]``."""
    _, inside, number = place.text.partition("[")
    return bool(inside) and is_gradient(gradient.key) and gradient.text.rpartition("[")[2] == number


def _is_called_after_both(place: ArrayPlace, gradient: ArrayPlace) -> bool:
    """Whether a gradient has the names of an array and of the object that holds it, ``attention/query/W``, where the
    array may have both as well."""
    holder, own, key = place.holder_name, place.own_name, gradient.key
    if not (holder and own) or not key.startswith(holder):
        return False
    return key == own or re.split(r"[^0-9A-Za-z]", key)[-1] == own


def settings(own: Mapping[str, Sequence[ArrayPlace]]) -> list[str]:
    """Expressions that put arrays of these names where their objects keep them, on ``layer``."""
    places = [(name, place) for name, same in own.items() for place in same]
    plain = [f"{p.text.removeprefix('layer.')}={name}" for name, p in places if p.is_attribute]
    put = [f"vars(layer).update({', '.join(plain)})"] if plain else []
    return [*put, *(place.put(name) for name, place in places if not place.is_attribute)]
