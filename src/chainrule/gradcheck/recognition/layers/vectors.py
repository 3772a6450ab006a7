"""A vector of all parameters that a cost is given, beside the sizes by which it takes the vector apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition.layers.pairs import LayerPair
from chainrule.gradcheck.recognition.made_sizes import size_of

LONGEST = 150
"""The length of the longest vector that is tried."""

_A_NUMBER = "0.3"

_NUMBER = re.compile(
    r"_*(alpha|beta|gamma|delta|eps(ilon)?|eta|theta|kappa|lam(bda|bd|da)?|mu|nu|rho|sigma|tau|phi|omega|c|t"
    r"|\w*(coeff?(icient)?|factor|strength|penalty|rate|ratio|sparsity|temp(erature)?|margin|threshold))\d?_*",
    re.IGNORECASE,
)
"""What numbers are called that a cost is weighted or bent with."""

_STEP = 1e-6
_CLOSE = 1e-4
_NOTHING = 1e-3
"""Of the largest slope: what is smaller agrees with anything."""

_SHARE = 0.1
"""Of the entries of a vector, so many agree by no chance."""

_SIZES = ("6", "5", "3", "4", "8")
_MOST_CALLS_DEEP = 3


class ParameterVector(NamedTuple):
    """A vector of all parameters.

    Attributes:
        name: the argument that it is.
        sizes: what the arguments get that say how it is taken apart.
    """

    name: str
    sizes: Mapping[str, str]


def parameter_vector(layer: LayerPair, file: Definitions) -> ParameterVector | None:
    """The one vector that a cost takes apart, itself or in what it hands it to; None where it takes none or several, or
    is no cost of whatever arrays it takes."""
    if not layer.is_of_cost:
        return None
    found = list(_taken_apart(layer.forward, {a.name: a.name for a in layer.forward.arguments}, file, 0))
    vectors = {name for name, _ in found if name}
    if len(vectors) != 1:
        return None
    (vector,) = vectors
    named = list(dict.fromkeys(name for _, name in found if name))
    free = (size for size in _SIZES if size not in [_known(name) for name in named])
    return ParameterVector(vector, {name: _known(name) or next(free, "2") for name in named})


def agrees_in_part(program: LocalProgram) -> bool:
    """Whether the gradient of a single vector agrees with the cost in a good part of its entries, as that of other
    arrays than the cost's own does in none."""
    given = program.describe()
    gradients = program.gradient(given.arrays, given.data).arrays
    if not len(given.arrays) == len(gradients) == 1 or gradients[0].shape != given.arrays[0].shape:
        return False
    entries = np.arange(gradients[0].size)
    ahead, behind = (
        program.costs(given.arrays, given.data, 0, entries, np.full(entries.size, step))
        for step in (_STEP, -_STEP)
    )
    slopes, said = np.real(ahead - behind) / (2 * _STEP), np.real(gradients[0])
    tells = np.abs(slopes) > _NOTHING * np.abs(slopes).max()
    return bool(np.mean(tells & (np.abs(said - slopes) <= _CLOSE * np.abs(slopes))) >= _SHARE)


def number_called(name: str) -> str:
    """What stands beside a vector of all parameters where its name says that it is a number; empty where it does not.

    >>> [number_called(name) for name in ("tau", "sparsity_penalty", "importance")]
    ['0.3', '0.3', '']
    """
    return _A_NUMBER if _NUMBER.fullmatch(name) else ""


def _known(name: str) -> str:
    """A size by its name; empty where that says none."""
    role = size_role(name)
    return size_of(role) if role is not None else ""


def _taken_apart(
    function: Function, names: Mapping[str, str], file: Definitions, depth: int
) -> Iterator[tuple[str, str]]:
    """Vectors, and sizes, under the names that the cost has for them.

    Args:
        names: those of the cost's arguments, by those of this function's.
    """
    apart = function.as_vector
    yield from ((names[name], "") for name in apart.vectors if name in names)
    if apart.vectors & {*names}:
        yield from (
            ("", names[a.name]) for a in function.arguments if a.name in apart.sizes and a.name in names
        )
    for called, given in apart.handed if depth < _MOST_CALLS_DEEP else ():
        other = file.named(called, function.owner)
        if other is not None:
            pairs = zip(other.arguments, given, strict=False)
            handed = {a.name: names[name] for a, name in pairs if name in names}
            yield from _taken_apart(other, handed, file, depth + 1)
