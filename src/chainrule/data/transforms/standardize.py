"""Inputs of mean 0 and deviation 1 over the training images; one that never varies becomes 0."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Images
from chainrule.components.kinds import Preprocessing
from chainrule.data.transforms import sums


def fit(
    images: Images, max_value: float, weights: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(image - mean) / deviation: scale and shift, (D,).

    >>> images = np.array([[0, 2], [4, 2]], np.uint8)
    >>> scale, shift = fit(images, max_value=4)
    >>> (images * scale + shift).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """
    mean, variance = sums.moments(images, weights)
    scale = 1 / np.where(variance > 0, np.sqrt(variance), 1)
    return scale, -mean * scale


STANDARDIZE = Preprocessing(
    name="standardize",
    about="subtract each input's training mean, divide by its training deviation (by 1 where that is 0)",
    fit=fit,
)
