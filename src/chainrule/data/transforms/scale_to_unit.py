"""Inputs from 0 to 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Images
from chainrule.components.kinds import Preprocessing


def fit(
    images: Images, max_value: float, weights: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """image / max_value: scale and shift, (D,).

    >>> images = np.array([[0, 2], [4, 2]], np.uint8)
    >>> scale, shift = fit(images, max_value=4)
    >>> (images * scale + shift).tolist()
    [[0.0, 0.5], [1.0, 0.5]]
    """
    inputs = images.shape[1]
    return np.full(inputs, 1 / max_value), np.zeros(inputs)


SCALE_TO_UNIT = Preprocessing(
    name="scale_to_unit", about="divide by the largest value that there can be", fit=fit
)
