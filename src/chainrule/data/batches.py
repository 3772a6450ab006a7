"""Minibatches: images fetched, converted from uint8 and transformed into one buffer, again and again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from chainrule.blas import Array
from chainrule.data.splits import Split
from chainrule.data.transforms import Transform
from chainrule.rng import stream


def batches(
    split: Split, transform: Transform, size: int, dtype: DTypeLike, order: NDArray[np.intp] | None = None
) -> Iterator[tuple[Array, NDArray[np.integer[Any]]]]:
    """Inputs (n, D) and labels (n,) of ``size`` samples at a time; the last, smaller batch is kept.

    Args:
        split: where they come from.
        transform: applied to the images.
        size: samples a batch.
        dtype: of the inputs.
        order: indices into the split, (N,); the split's own order when None.

    The inputs share one buffer: they are gone when the next batch is asked for.
    """
    convert = transform.astype(dtype)
    buffer = np.empty((min(size, len(split)), split.images.shape[1]), dtype)
    for start in range(0, len(split), size):
        rows = slice(start, start + size) if order is None else order[start : start + size]
        labels = split.labels[rows]
        yield convert(split.images[rows], out=buffer[: len(labels)]), labels


def epoch_order(seed: int, epoch: int, count: int) -> NDArray[np.intp]:
    """The shuffled order (count,) of an epoch, counted from 0; the same for every member of a seed."""
    return stream(seed, "order", epoch).permutation(count)
