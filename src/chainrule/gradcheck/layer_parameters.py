"""The arrays of floating-point numbers that a layer is given or holds, and where its backward pass leaves the gradient
of each: among the inputs, in nests of them, on objects.

Gradients stand under the names of what they are of, ``dW`` of ``W``, in what the backward pass gives or on the object;
else they come in the order of the inputs. What has none is not checked, which is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.layer_calls import BackwardCall, Passes, Ran, Upstream, returned_names
from chainrule.gradcheck.program.leaves import (
    Leaf,
    filled,
    holds_objects,
    is_own_object,
    leaves,
    returned_leaves,
)
from chainrule.gradcheck.program.matching import match
from chainrule.gradcheck.program.names import PARAMETER_ROLES, parameter_names, plain_name
from chainrule.gradcheck.recognition.layers import places
from chainrule.gradcheck.recognition.layers.kinds import kind_of
from chainrule.gradcheck.recognition.layers.places import ArrayPlace

_GIVEN = "g"
"""What expressions call what the backward pass gives."""

_NO_PARAMETERS = ("mask", "labels")
"""What needs no gradient, whatever numbers it is made of."""


class _InputLeaf(NamedTuple):
    """An array among the inputs: in which of them, and what it is called in that."""

    slot: int
    leaf: str
    array: Array


@dataclass(frozen=True)
class LayerParameters:
    """What is checked of a layer.

    Attributes:
        arrays: by name, those of the inputs first.
        gradients: the expression of each one's gradient; none where what the backward pass gives is to be matched as
            it is.
        missing: those of which no gradient came.
    """

    arrays: dict[str, Array]
    gradients: dict[str, str]
    missing: tuple[str, ...]
    inputs: Mapping[str, _InputLeaf]
    own: Mapping[str, Sequence[ArrayPlace]]

    def put(self, passes: Passes, arrays: Mapping[str, Array]) -> None:
        """Put other arrays into copies of a layer's inputs and objects."""
        for slot, value in enumerate(passes.inputs):
            new = {
                at.leaf: arrays[name]
                for name, at in self.inputs.items()
                if at.slot == slot and name in arrays
            }
            if new:
                passes.inputs[slot] = filled(value, list(new.values()), list(new))
        objects = _objects(passes)
        for name, same in self.own.items():
            for place in same:
                _put(place, arrays[name], objects)

    def gradient(self, ran: Ran, given: Any) -> Any:
        """The gradients after a call of the backward pass."""
        if not self.gradients:
            return [given] if isinstance(given, np.ndarray) else given
        namespace = {_GIVEN: given, **_objects(ran.passes)}
        return {name: np.asarray(eval(text, {}, namespace)) for name, text in self.gradients.items()}  # noqa: S307


def widened(passes: Passes) -> None:
    """Make everything in copies of a layer's inputs and objects double precision: what is kept in a single one would
    round what is moved a little."""
    for slot, value in enumerate(passes.inputs):
        single = [leaf for leaf in leaves(value) if _is_single(leaf.array)]
        if single:
            doubles = [leaf.array.astype(np.float64) for leaf in single]
            passes.inputs[slot] = filled(value, doubles, [leaf.name for leaf in single])
    objects = _objects(passes)
    for place in _kept(objects):
        if _is_single(place.array):
            _put(place, place.array.astype(np.float64), objects)


def parameters_of(passes: Passes, call: BackwardCall, upstream: Upstream) -> LayerParameters:
    """What is checked of a layer: found in one run of both passes, on copies.

    Raises:
        Exception: what the passes raise.
    """
    objects = _objects(passes)
    made, inputs = _kept(objects), _input_leaves(passes)
    ran = passes.run()
    inputs = {name: at for name, at in inputs.items() if not _is_put_anew(at, passes)}
    before = _kept(objects)
    # What a forward pass has put anew is what it remembers, and no parameter.
    remembered = {p.text for p in made if not any(p.text == q.text and p.array is q.array for q in before)}
    made = [p for p in made if p.text not in remembered and _can_be_put(p, objects)]
    before = [p._replace(array=p.array.copy()) for p in before]
    given = call.made(ran, upstream)
    returned = places.returned(given, _GIVEN, returned_names(passes.backward))
    changed = places.changed(before, _kept(objects))
    wanted = {name: at.array for name, at in inputs.items()}
    own, met = places.parameters(made, [*returned, *changed], [], list(wanted))
    free = [p for p in returned if not p.is_among(met.values())]
    kept = {p.text for same in own.values() for p in same}
    left = [p for p in changed if not (p.holder or p.text in kept or p.is_among(met.values()))]
    found = _in_order(given, free, inputs, passes) or places.gradients(wanted, free, left)
    unused = [p for p in free if p.text not in found.values() and p.array.ndim]
    missing = [name for name in wanted if name not in found]
    if missing and unused and len(unused) != len(free) and any(p.key for p in unused):
        unused = [p for p in unused if any(_is_of(p, name) for name in missing)]
    if (missing and unused) or not (found or met):
        # Which is whose does not show: they are matched where they are asked for, or refused.
        _require_matching(wanted, given)
        return LayerParameters(wanted, {}, (), inputs, {})
    gradients = found | {name: met[name].text for name in own if name in met}
    arrays = {name: wanted[name] for name in wanted if name in found}
    arrays |= {name: same[0].array for name, same in own.items()}
    unseen = [p.name for p in made if p.role in PARAMETER_ROLES and not p.is_gradient and p.name not in own]
    missing = [name for name in missing if kind_of(name) not in _NO_PARAMETERS]
    return LayerParameters(arrays, gradients, (*missing, *unseen), inputs, own)


def _input_leaves(passes: Passes) -> dict[str, _InputLeaf]:
    """The arrays of floating-point numbers among the inputs, by names that tell them apart."""
    found: list[tuple[str, str, _InputLeaf]] = []
    for slot, (name, value) in enumerate(zip(passes.names, passes.inputs, strict=True)):
        if _is_of_objects(value):
            continue
        for leaf in leaves(value):
            if leaf.array.dtype.kind == "f":
                whole = isinstance(value, np.ndarray)
                inner = "" if whole else leaf.name
                full = name if whole else f"{name}{inner}" if inner.startswith("[") else f"{name}.{inner}"
                found.append((name if whole else inner, full, _InputLeaf(slot, leaf.name, leaf.array)))
    short = [name for name, _, _ in found]
    return {
        name if short.count(name) == 1 and not name.startswith("[") else full: leaf
        for name, full, leaf in found
    }


def _is_put_anew(at: _InputLeaf, passes: Passes) -> bool:
    """Whether the forward pass has put another array in the place of one, as it does with moving averages."""
    value = passes.inputs[at.slot]
    return not isinstance(value, np.ndarray) and all(leaf.array is not at.array for leaf in leaves(value))


def _require_matching(wanted: Mapping[str, Array], given: Any) -> None:
    """What came back must be a gradient for each array, or say which ones.

    Raises:
        CheckError: it is not.
    """
    if not wanted:
        raise CheckError(
            "the backward pass: leaves no gradient of anything that the forward pass has or is given"
        )
    match([Leaf(*each) for each in wanted.items()], returned_leaves(given), type(given).__name__)


def _in_order(
    given: Any, free: Sequence[ArrayPlace], inputs: Mapping[str, _InputLeaf], passes: Passes
) -> dict[str, str]:
    """The expression of each gradient where as many came as there are inputs; by their names where all have them.
    Nothing where that is not so."""
    named = {name: [p for p in free if _is_of(p, name)] for name in inputs}
    if all(len(places_) == 1 for places_ in named.values()):
        return {name: places_[0].text for name, places_ in named.items()}
    if isinstance(given, np.ndarray):
        return {next(iter(inputs)): _GIVEN} if len(inputs) == 1 else {}
    if not isinstance(given, tuple | list):
        return {}
    slots = list(dict.fromkeys(at.slot for at in inputs.values()))
    arrays = [slot for slot in slots if isinstance(passes.inputs[slot], np.ndarray)]
    parameters = [slot for slot in arrays if kind_of(passes.names[slot]) not in _NO_PARAMETERS]
    for order in (slots, range(len(passes.inputs)), arrays, parameters):
        found = dict(_by_slots(order, free, inputs)) if len(order) == len(given) else {}
        if found and all(name in found for name, at in inputs.items() if at.slot in order):
            return found
    if len(free) == len(inputs):
        return {name: p.text for name, p in zip(inputs, free, strict=True)}
    return _of_one_nest(slots, free, inputs)


def _by_slots(
    order: Sequence[int], free: Sequence[ArrayPlace], inputs: Mapping[str, _InputLeaf]
) -> Iterator[tuple[str, str]]:
    """What came for each input, taken apart as the input is: by name, else in order."""
    for number, slot in enumerate(order):
        own = [name for name, at in inputs.items() if at.slot == slot]
        parts = [
            p for p in free if p.text == f"{_GIVEN}[{number}]" or p.text.startswith(f"{_GIVEN}[{number}][")
        ]
        named = [(name, [p for p in parts if _is_of(p, name)]) for name in own]
        if all(len(places_) == 1 for _, places_ in named):
            yield from ((name, places_[0].text) for name, places_ in named)
        elif len(parts) == len(own):
            yield from ((name, p.text) for name, p in zip(own, parts, strict=True))


def _of_one_nest(
    slots: Sequence[int], free: Sequence[ArrayPlace], inputs: Mapping[str, _InputLeaf]
) -> dict[str, str]:
    """What came where it is all of one list or dictionary of parameters, by its shapes."""
    for slot in slots:
        own = {name: at for name, at in inputs.items() if at.slot == slot}
        if len(own) > 1 and [at.array.shape for at in own.values()] == [p.array.shape for p in free]:
            return {name: p.text for name, p in zip(own, free, strict=True)}
    return {}


def _is_of(place: ArrayPlace, name: str) -> bool:
    """Whether an array is the gradient of a parameter by its name."""
    return bool(place.key) and plain_name(name) in parameter_names(place.key) | parameter_names(place.name)


def _is_of_objects(value: Any) -> bool:
    return is_own_object(value) or holds_objects(value)


def _objects(passes: Passes) -> dict[str, Any]:
    """The objects of a layer, and those among its inputs, by what expressions call them."""
    among = [
        value if is_own_object(value) else SimpleNamespace(**{name: value})
        for name, value in zip(passes.names, passes.inputs, strict=True)
        if _is_of_objects(value)
    ]
    return {f"object{number}": each for number, each in enumerate([*passes.owners, *among])}


def _kept(objects: Mapping[str, Any]) -> list[ArrayPlace]:
    return [place for text, each in objects.items() for place in places.of_object(each, text)]


def _put(place: ArrayPlace, array: Array, objects: Mapping[str, Any]) -> None:
    eval(place.put("array"), {}, {"array": array, **objects})  # noqa: S307


def _can_be_put(place: ArrayPlace, objects: Mapping[str, Any]) -> bool:
    """Whether another array can be put there: not into a tuple."""
    try:
        _put(place, place.array, objects)
    except (AttributeError, TypeError):
        return False
    return True


def _is_single(array: Array) -> bool:
    return array.dtype.kind == "f" and array.dtype.itemsize < np.dtype(np.float64).itemsize
