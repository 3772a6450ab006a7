"""Minibatches: images fetched and converted into one buffer, again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from chainrule.arrays import Array, Images
from chainrule.data.splits import Split
from chainrule.rng import stream

Convert = Callable[[Images, Array], Array]
"""Writes the inputs of images (n, D) into an array (n, D) and returns it."""


class Minibatch(NamedTuple):
    """Inputs (n, D), labels (n,), and weights (1, n) or (P, n), where there are some."""

    x: Array
    y: NDArray[np.integer[Any]]
    weights: NDArray[np.float64] | None


def batches(
    split: Split, convert: Convert, size: int, dtype: DTypeLike, order: NDArray[np.intp] | None = None
) -> Iterator[Minibatch]:
    """``size`` samples at a time; the last, smaller batch is kept.

    Args:
        split: where they come from.
        convert: makes inputs of the images: a transform in ``dtype``, or
            :func:`chainrule.data.transforms.transform.cast`.
        size: samples a batch.
        dtype: of the inputs.
        order: indices into the split; all of it in its own order when None.

    The inputs share one buffer: they are gone when the next batch is asked for.

    Five samples, two at a time; the last one is alone:

    >>> from chainrule.data.transforms.transform import cast
    >>> five = Split(np.arange(10, dtype=np.uint8).reshape(5, 2), np.arange(5))
    >>> [(x.tolist(), y.tolist()) for x, y, _ in batches(five, cast, 2, np.float32, order=np.array([4, 0, 2]))]
    [([[8.0, 9.0], [0.0, 1.0]], [4, 0]), ([[4.0, 5.0]], [2])]
    """
    count = len(split) if order is None else len(order)
    buffer = np.empty((min(size, count), split.images.shape[1]), dtype)
    for start in range(0, count, size):
        rows = slice(start, start + size) if order is None else order[start : start + size]
        labels = split.labels[rows]
        weights = None if split.weights is None else split.weights[:, rows]
        yield Minibatch(convert(split.images[rows], buffer[: len(labels)]), labels, weights)


def epoch_order(seed: int | None, epoch: int, count: int) -> NDArray[np.intp]:
    """The shuffled order (count,) of an epoch, counted from 0; the same for every member of a seed.

    Without a seed it is the one that all seeds share.

    >>> sorted(epoch_order(seed=0, epoch=3, count=5).tolist())
    [0, 1, 2, 3, 4]
    >>> bool((epoch_order(0, 3, 5) == epoch_order(0, 3, 5)).all())  # whatever was drawn before
    True
    """
    own = stream(0, "shared order", epoch) if seed is None else stream(seed, "order", epoch)
    return own.permutation(count)
