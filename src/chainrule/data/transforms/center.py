"""Inputs scaled to a range of length 1, of mean 0 over the training images."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Images
from chainrule.components.kinds import Preprocessing
from chainrule.data.transforms import sums


def fit(
    images: Images, max_value: float, weights: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(image - mean) / max_value: scale and shift, (D,).

    >>> images = np.array([[0, 2], [4, 2]], np.uint8)
    >>> scale, shift = fit(images, max_value=4)
    >>> (images * scale + shift).tolist()
    [[-0.5, 0.0], [0.5, 0.0]]
    """
    mean, _ = sums.moments(images, weights)
    scale = np.full(len(mean), 1 / max_value)
    return scale, -mean * scale


CENTER = Preprocessing(
    name="center",
    about="divide by the largest value that there can be, then subtract the mean training image",
    fit=fit,
)
