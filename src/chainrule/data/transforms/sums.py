"""Sums over images, which transforms are fitted by; those over bytes are exact."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array, Images
from chainrule.chosen import ChosenRows

_BLOCK = 256
"""Images whose sums are exact in float32: 256 * 255**2 is below 2**24."""


def column_sums(images: Images) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sums (D,) of each input and of its square over ``images`` (N, D): of bytes exact, as float32 products of blocks;
    of floats in float64.

    >>> total, squares = column_sums(np.array([[1, 10], [2, 20]], np.uint8))
    >>> total.tolist(), squares.tolist()
    ([3.0, 30.0], [5.0, 500.0])
    """
    if images.dtype != np.uint8:
        return _sums_around(images, np.zeros(images.shape[1]))
    total, squares = np.zeros(images.shape[1]), np.zeros(images.shape[1])
    ones = np.ones(_BLOCK, np.float32)
    for start in range(0, len(images), _BLOCK):
        block = images[start : start + _BLOCK].astype(np.float32)
        total += ones[: len(block)] @ block
        squares += ones[: len(block)] @ np.square(block, out=block)
    return total, squares


def moments(
    images: Array | ChosenRows, weights: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and variance (D,) of each input over ``images`` (N, D), each of which counts as its weight says, (N,). The
    variance of one that never varies is exactly 0.

    >>> mean, variance = moments(np.array([[0.1, 1.0], [0.1, 3.0]], np.float32))
    >>> mean.round(6).tolist(), variance.tolist()
    ([0.1, 2.0], [0.0, 1.0])
    >>> moments(np.array([[1], [3]], np.uint8), weights=np.array([3.0, 1.0]))
    (array([1.5]), array([0.75]))
    """
    count = len(images) if weights is None else weights.sum()
    if images.dtype == np.uint8 and weights is None:
        total, squares = column_sums(images)
        # All terms are whole numbers below 2**53.
        return total / count, (count * squares - total**2) / count**2
    first = images[0].astype(np.float64)
    mean = first + _sums_around(images, first, weights)[0] / count
    return mean, _sums_around(images, mean, weights)[1] / count


def _sums_around(
    images: Array | ChosenRows, origin: NDArray[np.float64], weights: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sums (D,) of each input's distance from ``origin`` (D,), and of its square."""
    total, squares = np.zeros(images.shape[1]), np.zeros(images.shape[1])
    for start in range(0, len(images), _BLOCK):
        block = images[start : start + _BLOCK] - origin
        counted = 1.0 if weights is None else weights[start : start + _BLOCK, np.newaxis]
        total += (block * counted).sum(axis=0)
        squares += (np.square(block, out=block) * counted).sum(axis=0)
    return total, squares
