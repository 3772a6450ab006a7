"""What a gradient is handed beside the data of its cost and that says nothing else: which samples are meant, and
matrices that were computed of each of them in front of the training, as those of a convolution."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.recognition.witnessed.copying import is_sparse

_MOST_LOOKED_AT = 8


def picks_samples(value: Any) -> bool:
    """Whether a value is whole numbers, as those of the samples of a minibatch."""
    return isinstance(value, np.ndarray) and value.dtype.kind in "iu"


def matrices_of_samples(
    values: Mapping[str, Any], read: Collection[str], parameters: Sequence[Array]
) -> list[str]:
    """The names of the values that hold matrices of samples: at least as many as there are of these, each with no
    numbers but those of the inputs.

    Args:
        values: by name.
        read: the names of those that the cost is given.
        parameters: those that are no inputs.
    """
    mine = {id(array) for array in parameters}
    inputs = [
        v
        for name in read
        if isinstance(v := values.get(name), np.ndarray) and v.dtype.kind == "f" and v.ndim > 1
        if id(v) not in mine
    ]
    if not inputs:
        return []
    numbers, fewest = (
        np.unique(np.concatenate([v.ravel() for v in inputs])),
        min(min(v.shape) for v in inputs),
    )
    return [n for n, v in values.items() if n not in read and _are_of(v, numbers, fewest)]


def _are_of(value: Any, numbers: Array, fewest: int) -> bool:
    is_listed = isinstance(value, list) or (
        isinstance(value, np.ndarray) and value.dtype.kind == "O" and value.ndim == 1
    )
    if not is_listed or len(value) < max(fewest, 1):
        return False
    first = list(itertools.islice(value, _MOST_LOOKED_AT))
    if not all(is_sparse(part) or (isinstance(part, np.ndarray) and part.ndim == 2) for part in first):
        return False
    held = [np.asarray(part.data if is_sparse(part) else part).ravel() for part in first]
    return all(np.isin(part[part != 0], numbers).all() for part in held)
