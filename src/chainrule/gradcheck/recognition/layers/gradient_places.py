"""Which of the arrays that a backward pass gives, or leaves on its object, are whose gradients."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.names import (
    PARAMETER_ROLES,
    is_gradient,
    meaning,
    parameter_names,
    plain_name,
)
from chainrule.gradcheck.recognition.layers.kinds import kind_of
from chainrule.gradcheck.recognition.layers.places import CONTENT, ArrayPlace, shape_of


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
    """What a backward pass gives without a name, or under one that says of no array, by the name of the array where
    each alone is of that shape."""
    unnamed = [p for p in free if not p.key or all(by_name(name, [p]) is None for name in arrays)]
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
    holders = {p.holder for p in after if p.holder and p.array is inputs and CONTENT.fullmatch(p.own_name)}
    beside = {h: [p for p in after if p.holder == h and p.array is not inputs] for h in holders}
    alone = [found[0] for found in beside.values() if len(found) == 1]
    return [p for p in alone if p.is_among(changed) and p.array.shape == shape_of(inputs)]


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


def named_in_pairs(given: Sequence[ArrayPlace], made: Sequence[ArrayPlace]) -> list[ArrayPlace]:
    """What a backward pass gives, without parameters that stand in pairs with their gradients, ``[[W, dW], [b, db]]``:
    these are called after them.

    Args:
        made: the arrays of the object as it was made.
    """
    seconds = {p.text: p for p in given if p.text.endswith("[1]") and p.text.count("[") > 1}
    names: dict[str, str] = {}
    for first in given:
        second = seconds.get(f"{first.text[:-2]}1]") if first.text.endswith("[0]") else None
        of = next((p.name for p in made if np.array_equal(p.array, first.array)), "")
        if second is not None and of and second.array.shape == first.array.shape:
            names |= {first.text: "", second.text: f"grad_{of}"}
    return [p._replace(key=names.get(p.text, p.key)) for p in given if names.get(p.text, "given")]


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
    roles = {*PARAMETER_ROLES, "bundle"}
    unknown = [p for p in made if {p.role, kind_of(p.name)} & roles and not p.is_gradient]
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
    # Of several objects that hold dictionaries each has its own, and of several lists each has a name.
    alike.sort(key=lambda p: (p.holder != place.holder, not _is_named_after(p, place)))
    alike += [p for p in among if _same_place_of_list(place, p) or _is_called_after_both(place, p)]
    held = [p for p in among if place.holder and p.is_gradient and p.holder == place.holder]
    if CONTENT.fullmatch(place.own_name) or len(held) == 1:
        alike += held
    else:
        named = by_name(place.own_name, [p._replace(key=p.own_name) for p in held])
        alike += [p for p in held if named is not None and p.text == named.text]
    return next((p for p in alike if p.array.shape == place.array.shape), None)


def _is_named_after(gradient: ArrayPlace, place: ArrayPlace) -> bool:
    """Whether what holds a gradient is called after what holds an array: ``dW[0]`` after ``W[0]``."""
    first, second = gradient.words[:1], place.words[:1]
    return bool(first and second) and plain_name(second[0]) in parameter_names(first[0])


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


def first_alike(inputs: str, array: Array, given: Sequence[ArrayPlace]) -> dict[str, str]:
    """The first of several arrays that a backward pass gives, as the gradient of the inputs, where it alone has their
    shape; nothing where it has another, or others have it too."""
    alike = [place.text for place in given if place.array.shape == shape_of(array)]
    return {inputs: alike[0]} if len(given) > 1 and alike == [given[0].text] and np.ndim(array) else {}
