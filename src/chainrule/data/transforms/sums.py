"""Exact sums over images, which transforms are fitted by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Images

_BLOCK = 256
"""Images whose sums are exact in float32: 256 * 255**2 is below 2**24."""


def column_sums(images: Images) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sums (D,) of each input and of its square over ``images`` (N, D), exact, as float32 products of blocks.

    >>> total, squares = column_sums(np.array([[1, 10], [2, 20]], np.uint8))
    >>> total.tolist(), squares.tolist()
    ([3.0, 30.0], [5.0, 500.0])
    """
    total, squares = np.zeros(images.shape[1]), np.zeros(images.shape[1])
    ones = np.ones(_BLOCK, np.float32)
    for start in range(0, len(images), _BLOCK):
        block = images[start : start + _BLOCK].astype(np.float32)
        total += ones[: len(block)] @ block
        squares += ones[: len(block)] @ np.square(block, out=block)
    return total, squares
