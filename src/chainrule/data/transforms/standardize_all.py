"""Inputs of mean 0 and deviation 1, all of them together, over the training images."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Images
from chainrule.components.kinds import Preprocessing
from chainrule.data.transforms import sums


def fit(images: Images, max_value: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(image - mean) / deviation with one mean and one deviation of all inputs: scale and shift, (D,).

    >>> images = np.array([[0, 2], [4, 2]], np.uint8)  # of mean 2, deviation sqrt(2)
    >>> scale, shift = fit(images, max_value=4)
    >>> (images * scale + shift).round(4).tolist()
    [[-1.4142, 0.0], [1.4142, 0.0]]
    """
    total, squares = sums.column_sums(images)
    # Whole numbers as Python's, which have no limit, so that inputs that never vary have a variance of exactly 0.
    numbers, whole, square = len(images) * len(total), int(total.sum()), int(squares.sum())
    variance = (numbers * square - whole**2) / numbers**2
    scale = np.full(len(total), 1 / math.sqrt(variance) if variance > 0 else 1.0)
    return scale, -(whole / numbers) * scale


STANDARDIZE_ALL = Preprocessing(
    name="standardize_all",
    about="subtract one training mean and divide by one training deviation of all inputs (by 1 where that is 0)",
    fit=fit,
)
