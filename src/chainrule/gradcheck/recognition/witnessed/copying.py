"""Copies of what a file holds where it calls a function: bounded, and other arrays in the place of some."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.generators import NumberGenerator
from chainrule.gradcheck.program.leaves import is_own_object

_MOST_VALUES, MOST_NUMBERS = 20_000, 2_000_000
"""How many objects, and numbers in arrays, a value that is kept may hold."""


def copies(values: Mapping[str, Any]) -> dict[str, Any]:
    """Copies of values that are data, parameters and objects: what they share, the copies share. Functions are what
    they are: an activation that is handed over, or the derivative of a loss.

    What is too large, or cannot be copied, is left out; large arrays, as all images of a training set, are the same.
    """
    memo = _fresh(_kept(values.values()))
    kept = {}
    for name, value in values.items():
        if isinstance(value, ModuleType | type) or _is_large(value):
            continue
        known = {*memo}
        try:
            kept[name] = copy.deepcopy(value, memo)
        except Exception:
            # An open file, a generator: whatever cannot be copied cannot be held fixed. Nor may others take what was
            # begun of it.
            for begun in memo.keys() - known:
                del memo[begun]
    return kept


def with_others(
    values: Mapping[str, Any], others: Mapping[int, Any], shared: Mapping[int, Any]
) -> dict[str, Any]:
    """Copies of values with others in the place of some, by their identity, wherever these are referred to.

    Args:
        values: the values.
        others: by the identity of what they stand for.
        shared: what is not copied, in the same way.
    """
    memo = {**_fresh(shared), **others}
    return {name: copy.deepcopy(value, memo) for name, value in values.items()}


def kept_large(values: Mapping[str, Any]) -> dict[int, Any]:
    """What some values hold that is not copied entry by entry, by its identity: lists of texts; and what cannot be
    changed from now on, arrays that are too large, as all images of a training set, and sparse matrices."""
    kept = _kept(values.values())
    for value in kept.values():
        for held in vars(value).values() if is_sparse(value) else (value,):
            if isinstance(held, np.ndarray):
                held.flags.writeable = False
    return kept


def is_of_arrays(value: Any) -> bool:
    """Whether a value is, or holds, arrays, and no generator of random numbers."""
    inner = list(itertools.islice(_inside(value), _MOST_VALUES))
    return any(isinstance(v, np.ndarray) for v in inner) and not any(
        isinstance(v, NumberGenerator) for v in inner
    )


def generators(value: Any) -> list[NumberGenerator]:
    """The generators of random numbers that a value holds."""
    return [inner for inner in _inside(value) if isinstance(inner, NumberGenerator)]


def drawn_like(array: Array, rng: np.random.Generator) -> Array:
    """Numbers of the size of those in an array, none of them 0; where these are all positive, so are they: what is a
    variance or a scale stays one."""
    drawn = rng.normal(size=array.shape)
    if array.size and array.min() > 0:
        return np.asarray(array * np.exp(0.3 * drawn))
    spread = float(np.std(array)) if array.size > 1 else abs(float(array.sum()))
    return np.asarray(array + min(max(spread, _least_spread(array)), 3.0) * drawn)


def _least_spread(array: Array) -> float:
    """How far apart entries lie at least: of a matrix so little that what it makes of its inputs is no larger."""
    is_matrix = array.ndim > 1 and min(array.shape) > 1
    return min(0.3, float(max(array.shape)) ** -0.5) if is_matrix else 0.3


def _kept(values: Iterable[Any]) -> dict[int, Any]:
    """Large arrays, sparse matrices and lists of texts, by their identity."""
    every = itertools.chain.from_iterable(map(_inside, values))
    return {
        id(value): value
        for value in every
        if _is_large_array(value) or is_sparse(value) or _is_of_texts(value)
    }


def _fresh(kept: Mapping[int, Any]) -> dict[int, Any]:
    """The same with other lists, as these may be shuffled."""
    return {place: [*value] if isinstance(value, list) else value for place, value in kept.items()}


def _is_large_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.size > MOST_NUMBERS


def _is_of_texts(value: Any) -> bool:
    return type(value) is list and bool(value) and all(type(part) is str for part in value)


def is_sparse(value: Any) -> bool:
    """Whether a value is a sparse matrix."""
    return type(value).__module__.startswith("scipy.sparse")


def _is_large(value: Any) -> bool:
    numbers = 0
    for count, inner in enumerate(_inside(value)):
        is_copied = isinstance(inner, np.ndarray) and inner.size <= MOST_NUMBERS
        numbers += inner.size if is_copied else 0
        if count > _MOST_VALUES or numbers > MOST_NUMBERS:
            return True
    return False


def _inside(value: Any) -> Iterator[Any]:
    """A value and all that it holds in dictionaries, lists and objects, each once."""
    waiting, met = [value], set[int]()
    while waiting:
        inner = waiting.pop()
        if id(inner) in met:
            continue
        met.add(id(inner))
        yield inner
        if isinstance(inner, dict):
            waiting += inner.values()
        elif isinstance(inner, list | tuple | set):
            waiting += inner
        elif isinstance(inner, np.ndarray) and inner.dtype == object:
            waiting += inner.ravel().tolist()
        elif is_own_object(inner):
            waiting += vars(inner).values()
