"""Preprocessing fitted on the training images: scale to [0, 1], center, standardize each input, or all alike.

Each is one multiplication and one addition an input, x = image * scale + shift, so minibatches are converted from
uint8 as they are fetched and no float copy of a data set is kept. Scale and shift are fitted in float64. In
evaluation, where weights stay, these take scale and shift in, and images are cast and nothing else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from chainrule.arrays import Images
from chainrule.settings.settings import Preprocess

_BLOCK = 256
"""Images whose sums are exact in float32: 256 * 255**2 is below 2**24."""


@dataclass(frozen=True)
class Transform:
    """x = image * scale + shift.

    Attributes:
        scale: (D,), float64.
        shift: (D,), float64.
    """

    scale: NDArray[np.float64]
    shift: NDArray[np.float64]

    def astype(self, dtype: DTypeLike) -> AffineMap:
        """The transform that computes in ``dtype``."""
        return AffineMap(self.scale.astype(dtype), self.shift.astype(dtype))

    def folded(self, W: NDArray[Any], b: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """The first layer with the transform folded into it: W x + b = (W scale) image + (b + W shift).

        Args:
            W: (P, K, D), for transformed inputs.
            b: (P, K).

        Returns:
            W (P, K, D) and b (P, K) that give for images (N, D) what the given ones give for inputs, in W's type.
        """
        affine = self.astype(W.dtype)
        return W * affine.scale, b + W @ affine.shift

    def mean(self, images: Images) -> float:
        """Mean of all inputs of ``images`` (N, D) after the transform, in float64."""
        return float(np.mean(column_sums(images)[0] / len(images) * self.scale + self.shift))


@dataclass(frozen=True)
class AffineMap:
    """A transform in the type that it computes in."""

    scale: NDArray[Any]
    shift: NDArray[Any]

    def __call__(self, images: Images, out: NDArray[Any]) -> NDArray[Any]:
        """Write the inputs of ``images`` (N, D) into ``out`` (N, D) of the map's type, and return it."""
        np.multiply(images, self.scale, out=out)
        out += self.shift
        return out


def cast(images: Images, out: NDArray[Any]) -> NDArray[Any]:
    """Write ``images`` (N, D) as they are into ``out`` (N, D), and return it."""
    np.copyto(out, images)
    return out


def column_sums(images: Images) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sums (D,) of each input and of its square over ``images`` (N, D), exact, as float32 products of blocks."""
    total, squares = np.zeros(images.shape[1]), np.zeros(images.shape[1])
    ones = np.ones(_BLOCK, np.float32)
    for start in range(0, len(images), _BLOCK):
        block = images[start : start + _BLOCK].astype(np.float32)
        total += ones[: len(block)] @ block
        squares += ones[: len(block)] @ np.square(block, out=block)
    return total, squares


def fit(preprocess: Preprocess, images: Images, max_value: int) -> Transform:
    """Fit a transform on the training images.

    Args:
        preprocess: its name; see :class:`chainrule.settings.settings.Settings`.
        images: the training images, (N, D), uint8.
        max_value: the largest value that an input can have.
    """
    total, squares = column_sums(images)
    count = len(images)
    mean = total / count
    if preprocess == "standardize_all":
        mean, whole_variance = _of_all_inputs(total, squares, count)
        scale = np.full(len(mean), 1 / math.sqrt(whole_variance) if whole_variance > 0 else 1.0)
    elif preprocess == "standardize":
        # All terms are whole numbers below 2**53, so the variance of an input that never varies is exactly 0.
        variance = (count * squares - total**2) / count**2
        scale = 1 / np.where(variance > 0, np.sqrt(variance), 1)
    else:
        scale = np.full(len(mean), 1 / max_value)
    shift = np.zeros(len(mean)) if preprocess == "scale_to_unit" else -mean * scale
    return Transform(scale, shift)


def _of_all_inputs(
    total: NDArray[np.float64], squares: NDArray[np.float64], count: int
) -> tuple[NDArray[np.float64], float]:
    """Mean of all inputs, once for each (D,), and their variance, from each one's sums over ``count`` images."""
    # Whole numbers as Python's, which have no limit, so that inputs that never vary have a variance of exactly 0.
    numbers, whole, square = count * len(total), int(total.sum()), int(squares.sum())
    return np.full(len(total), whole / numbers), (numbers * square - whole**2) / numbers**2
