"""Which of what a backward pass gives is the gradient of which input: by names, else in the order of the inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.passes.calls import Passes
from chainrule.gradcheck.program.leaves import Leaf, returned_leaves
from chainrule.gradcheck.program.matching import match
from chainrule.gradcheck.program.names import parameter_names, plain_name
from chainrule.gradcheck.recognition.layers.kinds import kind_of
from chainrule.gradcheck.recognition.layers.places import ArrayPlace

GIVEN = "g"
"""What expressions call what the backward pass gives."""

NO_PARAMETERS = ("mask", "labels")
"""What needs no gradient, whatever numbers it is made of."""


class InputLeaf(NamedTuple):
    """An array among the inputs, or a number: in which of them, and what it is called in that; empty for a number."""

    slot: int
    leaf: str
    array: Array


def in_order(
    given: Any, free: Sequence[ArrayPlace], inputs: Mapping[str, InputLeaf], passes: Passes
) -> dict[str, str]:
    """The expression of each gradient where as many came as there are inputs; by their names where all have them.
    Nothing where that is not so."""
    named = {name: [p for p in free if _is_of(p, name)] for name in inputs}
    if all(len(places_) == 1 for places_ in named.values()):
        return {name: places_[0].text for name, places_ in named.items()}
    if isinstance(given, np.ndarray):
        fitting = [name for name, at in inputs.items() if at.array.shape == given.shape]
        return {fitting[0]: GIVEN} if len(fitting) == 1 and not any(p.key for p in free) else {}
    if not isinstance(given, tuple | list):
        return {}
    with_numbers = list(dict.fromkeys(at.slot for at in inputs.values()))
    slots = list(dict.fromkeys(at.slot for at in inputs.values() if at.leaf))
    arrays = [slot for slot in slots if isinstance(passes.inputs[slot], np.ndarray)]
    parameters = [slot for slot in arrays if kind_of(passes.names[slot]) not in NO_PARAMETERS]
    for order in (slots, with_numbers, range(len(passes.inputs)), arrays, parameters):
        found = dict(_by_slots(order, free, inputs)) if len(order) == len(given) else {}
        if found and all(name in found for name, at in inputs.items() if at.slot in order):
            return found
    names = [name for name, at in inputs.items() if at.leaf]
    if len(free) == len(names):
        return {name: p.text for name, p in zip(names, free, strict=True)}
    return _of_one_nest(slots, free, inputs)


def _by_slots(
    order: Sequence[int], free: Sequence[ArrayPlace], inputs: Mapping[str, InputLeaf]
) -> Iterator[tuple[str, str]]:
    """What came for each input, taken apart as the input is: by name, else in order."""
    for number, slot in enumerate(order):
        own = [name for name, at in inputs.items() if at.slot == slot]
        parts = [
            p for p in free if p.text == f"{GIVEN}[{number}]" or p.text.startswith(f"{GIVEN}[{number}][")
        ]
        named = [(name, [p for p in parts if _is_of(p, name)]) for name in own]
        if all(len(places_) == 1 for _, places_ in named):
            yield from ((name, places_[0].text) for name, places_ in named)
        elif len(parts) == len(own):
            yield from ((name, p.text) for name, p in zip(own, parts, strict=True))


def _of_one_nest(
    slots: Sequence[int], free: Sequence[ArrayPlace], inputs: Mapping[str, InputLeaf]
) -> dict[str, str]:
    """What came where it is all of one list or dictionary of parameters, by its shapes."""
    for slot in slots:
        own = {name: at for name, at in inputs.items() if at.slot == slot}
        if len(own) > 1 and [at.array.shape for at in own.values()] == [p.array.shape for p in free]:
            return {name: p.text for name, p in zip(own, free, strict=True)}
    return {}


def is_unclear(free: Sequence[ArrayPlace], found: Mapping[str, str], missing: Sequence[str]) -> bool:
    """Whether something came back that may be the gradient of what has none."""
    unused = [p for p in free if p.text not in found.values() and p.array.ndim]
    if found and any(p.key for p in unused):
        unused = [p for p in unused if any(_is_of(p, name) for name in missing)]
    return bool(missing and unused)


def require_matching(wanted: Mapping[str, Array], given: Any) -> None:
    """What came back must be a gradient for each array, or say which ones.

    Raises:
        CheckError: it is not.
    """
    if not wanted:
        raise CheckError(
            "the backward pass: leaves no gradient of anything that the forward pass has or is given"
        )
    match([Leaf(*each) for each in wanted.items()], returned_leaves(given), type(given).__name__)


def _is_of(place: ArrayPlace, name: str) -> bool:
    """Whether an array is the gradient of a parameter by its name."""
    return bool(place.key) and plain_name(name) in parameter_names(place.key) | parameter_names(place.name)


def comes_in_another_order(given: Any, found: Mapping[str, str]) -> bool:
    """Whether the gradients of a tuple stand in another order than the inputs that they were found to be of."""
    if not isinstance(given, tuple | list):
        return False
    own = (text.removeprefix(f"{GIVEN}[") for text in found.values() if text.startswith(f"{GIVEN}["))
    numbers = [int(text.partition("]")[0]) for text in own]
    return numbers != sorted(numbers)
