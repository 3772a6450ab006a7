"""Sizes that are written into a file: ``np.zeros((10, 3072))`` takes no nets of other sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chainrule.gradcheck.program.names import SizeRole, size_role
from chainrule.gradcheck.program.signatures import Definitions, Function
from chainrule.gradcheck.recognition.conventions import USUAL_SIZES, Sizes

_USUAL: dict[SizeRole, tuple[int, ...]] = {
    "input size": (3072, 784),
    "hidden size": (50, 100),
    "output size": (10,),
}
"""Of CIFAR-10 and MNIST, and of the hidden layers of exercises."""

_MOST = 4096


def written(file: Definitions, functions: Sequence[Function]) -> list[Sizes]:
    """The sizes to try for some functions, the small ones first: those that are written into them, or into what they
    use, take the places of ours."""
    used = file.used(functions)
    numbers = {number for function in used for number in function.numbers}
    named = {name: file.constants[name] for f in used for name in f.uses if name in file.constants}
    numbers |= set(named.values())
    classes = _written("output size", numbers, named)
    smallest = replace(USUAL_SIZES, classes=classes or USUAL_SIZES.classes)
    hidden, inputs = _written("hidden size", numbers, named), _written("input size", numbers, named)
    with_hidden = replace(smallest, hidden=hidden or smallest.hidden)
    every = replace(with_hidden, inputs=inputs or smallest.inputs)
    return list(dict.fromkeys([smallest, with_hidden, every, replace(every, hidden=smallest.hidden)]))


def _written(role: SizeRole, numbers: set[int], named: dict[str, int]) -> int | None:
    by_name = (number for name, number in named.items() if size_role(name) == role)
    usual = (number for number in _USUAL[role] if number in numbers)
    return next((number for number in (*by_name, *usual) if 1 < number <= _MOST), None)
