"""Recurrent nets: how sequences, states and parameters may lie.

A step takes the place of a sample: seven steps of six inputs, five hidden units and three classes, or four characters
that are inputs and classes alike.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import is_alphabet, size_role
from chainrule.gradcheck.program.spoken import speaks_of
from chainrule.gradcheck.recognition.conventions import Convention, Sizes
from chainrule.gradcheck.recognition.made_sizes import alphabet, size_of

_CHARACTERS = 4
"""Inputs and classes of nets of characters, of which the next one is foretold."""

_SIZES = ("input size", "hidden size", "output size", "steps", "vocabulary")

_SEQUENCES = (
    ("columns", "one-hot"),
    ("indices", "integers"),
    ("rows", "one-hot"),
    ("vectors", "one-hot"),
    ("columns", "integers"),
    ("rows", "integers"),
)
_PARAMETERS = (
    ("out, in", "(K, 1)", "(K, 1)"),
    ("out, in", "(K,)", "(K,)"),
    ("out, in", "(K, 1)", "(K,)"),
    ("in, out", "(1, K)", "(1, K)"),
    ("in, out", "(K,)", "(K,)"),
    ("in, out", "(K,)", "(1, K)"),
)
"""Weights, bias and state of a step."""


def is_recurrent() -> bool:
    """Whether the file that is being recognised holds a recurrent net."""
    return speaks_of("recurrent") or speaks_of("gate")


def of_characters(sizes: Sizes) -> Sizes:
    """As many inputs as classes."""
    characters = sizes.classes if sizes.classes > _CHARACTERS else _CHARACTERS
    return replace(sizes, inputs=characters, classes=characters)


def sequence_conventions(sizes: Sizes) -> list[Convention]:
    """Every convention of a recurrent net of these sizes, the usual ones first."""
    pairs = itertools.product(_SEQUENCES, _PARAMETERS)
    return [
        Convention(samples, labels, weights, bias, sizes, state)  # type: ignore[arg-type]
        for (samples, labels), (weights, bias, state) in pairs
    ]


def sizes_read(file: Definitions, functions: Sequence[Function], convention: Convention) -> dict[str, str]:
    """What the functions of a recurrent net, and the constructors of their objects, read from the module that is a size
    or an alphabet: it is made of the text that the file loads."""
    if not convention.state:
        return {}
    made = [constructor for owner, constructor in file.constructors.items() if owner]
    read = dict.fromkeys(n for f in file.used([*functions, *made]) for n in f.uses if n in file.bound)
    return {name: text for name in read if (text := size_in(name, convention))}


def size_in(name: str, convention: Convention) -> str:
    """A size, or an alphabet, of a recurrent net by its name; empty for what is none."""
    if is_alphabet(name):
        return alphabet(convention)
    size = size_role(name) if meaning(name).role in ("other", "classes") else None
    return size_of(size, convention) if size in _SIZES else ""
