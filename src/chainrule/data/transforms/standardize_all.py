"""Inputs of mean 0 and deviation 1, all of them together, over the training images."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Images
from chainrule.components.kinds import Preprocessing
from chainrule.data.transforms import sums


def fit(
    images: Images, max_value: float, weights: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(image - mean) / deviation with one mean and one deviation of all inputs: scale and shift, (D,).

    >>> images = np.array([[0, 2], [4, 2]], np.uint8)  # of mean 2, deviation sqrt(2)
    >>> scale, shift = fit(images, max_value=4)
    >>> (images * scale + shift).round(4).tolist()
    [[-1.4142, 0.0], [1.4142, 0.0]]
    """
    mean, variance = _moments(images, weights)
    scale = np.full(images.shape[1], 1 / math.sqrt(variance) if variance > 0 else 1.0)
    return scale, -mean * scale


def _moments(images: Images, weights: NDArray[np.float64] | None) -> tuple[float, float]:
    """Mean and variance of all inputs; the variance of those that never vary is exactly 0."""
    if images.dtype != np.uint8 or weights is not None:
        means, variances = sums.moments(images, weights)
        return float(means.mean()), float(variances.mean() + means.var())
    total, squares = sums.column_sums(images)
    # Whole numbers as Python's, which have no limit.
    numbers, whole, square = len(images) * len(total), int(total.sum()), int(squares.sum())
    return whole / numbers, (numbers * square - whole**2) / numbers**2


STANDARDIZE_ALL = Preprocessing(
    name="standardize_all",
    about="subtract one training mean and divide by one training deviation of all inputs (by 1 where that is 0)",
    fit=fit,
)
