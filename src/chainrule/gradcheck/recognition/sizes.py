"""Sizes that are written into a file: ``np.zeros((10, 3072))`` takes no nets of other sizes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import SizeRole, size_role
from chainrule.gradcheck.recognition.conventions import USUAL_SIZES, Sizes
from chainrule.gradcheck.recognition.data_names import DataNames

_USUAL: dict[SizeRole, tuple[int, ...]] = {
    "input size": (3072, 784),
    "hidden size": (50, 100),
    "output size": (10,),
}
"""Of CIFAR-10 and MNIST, and of the hidden layers of exercises."""

_AUTOENCODER = re.compile("auto_?encoder|decode|reconstr|word_?2_?vec|skip_?gram|cbow", re.IGNORECASE)
"""What names hold in nets that are to give back what they are given, or words for words."""

_MOST = 4096
_MOST_IN_CHAINS = 100
_OF_ONE_HIDDEN = 2


def written(file: Definitions, functions: Sequence[Function]) -> list[Sizes]:
    """The sizes to try for some functions, the small ones first: those that are written into them, or into what they
    use, take the places of ours."""
    used = file.used(functions)
    numbers = {number for function in used for number in function.numbers}
    named = {name: file.constants[name] for f in used for name in f.uses if name in file.constants}
    # Numbers may stand beside constants that are called after them.
    named |= {n: v for n, v in file.constants.items() if v in numbers and len(n) > 1 and size_role(n)}
    numbers |= set(named.values())
    classes = _written("output size", numbers, named)
    smallest = replace(USUAL_SIZES, classes=classes or USUAL_SIZES.classes)
    hidden, inputs = _written("hidden size", numbers, named), _written("input size", numbers, named)
    with_hidden = replace(smallest, hidden=hidden or smallest.hidden)
    every = replace(with_hidden, inputs=inputs or smallest.inputs)
    makers = [file.constructors[owner] for owner in {f.owner for f in functions} & file.constructors.keys()]
    chains = _chains([*used, *makers], file.constants)
    return list(
        dict.fromkeys([smallest, with_hidden, every, replace(every, hidden=smallest.hidden), *chains])
    )


def may_be_autoencoder(functions: Sequence[Function], names: DataNames) -> bool:
    """Whether a net may be to give back what it is given: its functions ask for no labels, or are called so."""
    called = (name for f in functions for name in (f.owner, f.name, f.returned, *f.returns))
    unlabelled = bool(names.inputs) and not (names.labels or names.integers)
    return unlabelled or any(map(_AUTOENCODER.search, called))


def of_autoencoder(sizes: Sizes) -> Sizes:
    """As many outputs as inputs.

    >>> of_autoencoder(USUAL_SIZES).widths(2)
    (6, 5, 6)
    """
    return replace(sizes, classes=sizes.inputs)


def _chains(functions: Sequence[Function], constants: Mapping[str, int]) -> Iterator[Sizes]:
    """The sizes of nets whose matrices are of the shapes that are written down, from inputs to outputs and back: of
    (4, 6) and (6, 3) these are 4, 6 and 3."""
    written = dict.fromkeys(
        tuple(constants[s] if isinstance(s, str) else s for s in shape)
        for function in functions
        for shape in function.shapes
        if all(isinstance(s, int) or (s in constants and size_role(s) is None) for s in shape)
    )
    pairs = [shape for shape in written if all(1 <= s <= _MOST_IN_CHAINS for s in shape) and max(shape) > 1]
    joined = [(a, b, d) for (a, b), (c, d) in itertools.permutations(pairs, 2) if b == c and a != d]
    begins, ends = ({s[end] for s in pairs} - {s[1 - end] for s in pairs} for end in (0, 1))
    if len(pairs) > _OF_ONE_HIDDEN and len(begins) == len(ends) == 1:
        # Of several hidden layers the ends are those of all.
        joined.insert(0, (begins.pop(), USUAL_SIZES.hidden, ends.pop()))
    for first, hidden, last in joined or [(a, USUAL_SIZES.hidden, b) for a, b in pairs if a != b]:
        for inputs, classes in ((first, last), (last, first)):
            if inputs > 1:
                # A net with one output has zeros and ones for labels.
                yield Sizes(inputs, hidden, classes if classes > 1 else USUAL_SIZES.classes)


def _written(role: SizeRole, numbers: set[int], named: dict[str, int]) -> int | None:
    by_name = (number for name, number in named.items() if size_role(name) == role)
    usual = (number for number in _USUAL[role] if number in numbers)
    return next((number for number in (*by_name, *usual) if 1 < number <= _MOST), None)
