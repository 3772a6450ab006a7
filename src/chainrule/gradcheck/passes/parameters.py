"""The arrays of floating-point numbers that a layer is given or holds, and where its backward pass leaves the gradient
of each: among the inputs, in nests of them, on objects.

Gradients stand under the names of what they are of, ``dW`` of ``W``, in what the backward pass gives or on the object;
else they come in the order of the inputs. What has none is not checked, which is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.passes.backward import Upstream, UpstreamCall, returned_names
from chainrule.gradcheck.passes.calls import Passes, Ran
from chainrule.gradcheck.passes.gradients import (
    GIVEN,
    NO_PARAMETERS,
    InputLeaf,
    comes_in_another_order,
    in_order,
    is_unclear,
    require_matching,
)
from chainrule.gradcheck.program.leaves import (
    Leaf,
    filled,
    holds_objects,
    is_own_object,
    leaves,
)
from chainrule.gradcheck.program.names import PARAMETER_ROLES
from chainrule.gradcheck.recognition.layers import gradient_places, places
from chainrule.gradcheck.recognition.layers.kinds import kind_of
from chainrule.gradcheck.recognition.layers.places import ArrayPlace

_BEFORE = "before"
"""What expressions call the arrays that were put."""


@dataclass(frozen=True)
class LayerParameters:
    """What is checked of a layer.

    Attributes:
        arrays: by name, those of the inputs first.
        gradients: the expression of each one's gradient; none where what the backward pass gives is to be matched as
            it is.
        missing: those of which no gradient came.
        by_shape: those whose gradient was told by its shape.
        accumulated: the expressions of gradients that were there before, which the backward pass may add to.
        by_name: the gradients were told by their names, and come in another order than the inputs.
    """

    arrays: dict[str, Array]
    gradients: dict[str, str]
    missing: tuple[str, ...]
    inputs: Mapping[str, InputLeaf]
    own: Mapping[str, Sequence[ArrayPlace]]
    by_shape: tuple[str, ...] = ()
    accumulated: tuple[str, ...] = ()
    by_name: bool = False

    def put(self, passes: Passes, others: Mapping[str, Array]) -> None:
        """Put copies of other arrays into copies of a layer, and 0 for gradients of an earlier call."""
        arrays = {name: np.array(array) for name, array in others.items()}
        for slot, value in enumerate(passes.inputs):
            new = {
                at.leaf: arrays[name]
                for name, at in self.inputs.items()
                if at.slot == slot and name in arrays
            }
            if new:
                is_number = isinstance(value, float)
                passes.inputs[slot] = new[""] if is_number else filled(value, list(new.values()), list(new))
        objects = _objects(passes)
        for name, same in self.own.items():
            for place in same:
                _put(place, arrays[name], objects)
        for text in self.accumulated:
            before = eval(text, {}, objects)  # noqa: S307
            if isinstance(before, np.ndarray):
                before.fill(0)

    def gradient(self, ran: Ran, given: Any, before: Mapping[str, Array]) -> Any:
        """The gradients after a call of the backward pass, before which the arrays were others."""
        if not self.gradients:
            return [given] if isinstance(given, np.ndarray) else given
        namespace = {GIVEN: given, _BEFORE: before, **_objects(ran.passes)}
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


def parameters_of(passes: Passes, call: UpstreamCall, upstream: Upstream) -> LayerParameters:
    """What is checked of a layer: found in one run of both passes, on copies.

    Raises:
        CheckError: what came back belongs to nothing, or it cannot be said to what.
        Exception: what the passes raise.
    """
    objects = _objects(passes)
    made, leaves_before = _kept(objects), _input_leaves(passes)
    # The passes may change them in place.
    as_given = {name: at.array.copy() for name, at in leaves_before.items()}
    as_given |= {p.text: p.array.copy() for p in made}
    ran = passes.run()
    inputs = {name: at for name, at in leaves_before.items() if not _is_put_anew(at, passes)}
    between = _kept(objects)
    # What a forward pass has put anew is what it remembers, and no parameter.
    made = [p for p in made if any(p.text == q.text and p.array is q.array for q in between)]
    made = [p for p in made if _can_be_put(p, objects)]
    between = [p._replace(array=p.array.copy()) for p in between]
    given = call.made(ran, upstream)
    names = returned_names(passes.backward)
    returned = places.returned(given, GIVEN, names)
    if isinstance(given, np.ndarray):
        returned = [p._replace(key=name) for p in returned for name in names[:1] or [""]]
    changed = places.changed(between, _kept(objects))
    # A number is a parameter only where a gradient comes for each of the inputs.
    wanted = {name: as_given[name] for name, at in inputs.items() if at.leaf}
    updated = [p for p in changed if p.is_among(made) and not p.is_gradient] if call.takes_rate else []
    held = _held(made, [*returned, *changed], updated, list(wanted))
    if not held.own and len(returned) > len(wanted):
        held = _held_by_shape(made, returned)
    free = [p for p in returned if not p.is_among(held.gradients.values())]
    left = [p for p in changed if not (p.holder or held.has(p) or p.is_among(held.gradients.values()))]
    found = in_order(given, free, inputs, passes) or gradient_places.gradients(wanted, free, left)
    missing = [name for name in wanted if name not in found]
    if is_unclear(free, found, missing) or not (found or held.gradients):
        # Which is whose does not show: they are matched where they are asked for, or refused.
        require_matching(wanted, given)
        return LayerParameters(wanted, {}, (), inputs, {})
    arrays = {name: as_given[name] for name in inputs if name in found}
    unseen = [p.name for p in made if p.role in PARAMETER_ROLES and not (p.is_gradient or held.has(p))]
    return LayerParameters(
        arrays=arrays | {name: as_given[same[0].text] for name, same in held.own.items()},
        gradients=found | {name: place.text for name, place in held.gradients.items()},
        missing=(*(name for name in missing if kind_of(name) not in NO_PARAMETERS), *unseen),
        inputs=inputs,
        own=held.own,
        by_shape=held.by_shape,
        accumulated=tuple(p.text for p in held.gradients.values() if p.is_among(made)),
        by_name=comes_in_another_order(given, found),
    )


class _Held(NamedTuple):
    """The parameters that objects hold, each with all places where they keep it, and their gradients."""

    own: Mapping[str, Sequence[ArrayPlace]]
    gradients: Mapping[str, ArrayPlace]
    by_shape: tuple[str, ...] = ()

    def has(self, place: ArrayPlace) -> bool:
        """Whether a parameter is kept there."""
        return any(place.is_among(same) for same in self.own.values())


def _held(
    made: Sequence[ArrayPlace],
    left: Sequence[ArrayPlace],
    updated: Sequence[ArrayPlace],
    taken: Sequence[str],
) -> _Held:
    """The parameters among the arrays that objects hold: by the names of their gradients, or as these were taken from
    them with a rate of 1."""
    own, met = gradient_places.parameters(made, left, updated, taken)
    from_update = {
        name: same[0]._replace(text=f"{_BEFORE}[{name!r}] - {same[0].text}")
        for name, same in own.items()
        if name not in met
    }
    return _Held(own, met | from_update)


def _held_by_shape(made: Sequence[ArrayPlace], returned: Sequence[ArrayPlace]) -> _Held:
    """The same by the shapes of what came back."""
    pairs = gradient_places.by_shape(made, returned, []).items()
    same = {name: [p for p in made if p.array is at.array] for name, (at, _) in pairs}
    return _Held(same, {name: gradient for name, (_, gradient) in pairs}, tuple(same))


def _input_leaves(passes: Passes) -> dict[str, InputLeaf]:
    """The arrays of floating-point numbers among the inputs, by names that tell them apart."""
    found: list[tuple[str, str, InputLeaf]] = []
    for slot, (name, value) in enumerate(zip(passes.names, passes.inputs, strict=True)):
        if _is_of_objects(value):
            continue
        number = [Leaf("", np.asarray(value))] if isinstance(value, float) else []
        for leaf in number or leaves(value):
            if leaf.array.dtype.kind == "f":
                whole = isinstance(value, np.ndarray | float)
                inner = "" if whole else leaf.name
                full = name if whole else f"{name}{inner}" if inner.startswith("[") else f"{name}.{inner}"
                found.append((name if whole else inner, full, InputLeaf(slot, leaf.name, leaf.array)))
    short = [name for name, _, _ in found]
    return {
        name if short.count(name) == 1 and not name.startswith("[") else full: leaf
        for name, full, leaf in found
    }


def _is_put_anew(at: InputLeaf, passes: Passes) -> bool:
    """Whether the forward pass has put another array in the place of one, as it does with moving averages."""
    value = passes.inputs[at.slot]
    return (
        bool(leaves(value))
        and not isinstance(value, np.ndarray)
        and all(leaf.array is not at.array for leaf in leaves(value))
    )


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


def _put(place: ArrayPlace, array: Any, objects: Mapping[str, Any]) -> None:
    eval(place.put("array"), {}, {"array": array, **objects})  # noqa: S307


def _can_be_put(place: ArrayPlace, objects: Mapping[str, Any]) -> bool:
    """Whether another array can be put there: not where a named tuple holds it, or a property gives it."""
    try:
        _put(place, place.array, objects)
    except (AttributeError, TypeError):
        return False
    return True


def _is_single(array: Array) -> bool:
    return array.dtype.kind == "f" and array.dtype.itemsize < np.dtype(np.float64).itemsize
