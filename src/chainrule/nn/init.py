"""Initial weights: normal(sigma), Xavier, He.

Every member of a seed starts from the same standard normal draws, scaled as its init asks, so that settings are
compared like with like.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from chainrule.arrays import Array
from chainrule.rng import stream
from chainrule.settings.settings import Init, Normal


def deviation(init: Init, inputs: int) -> float:
    """Standard deviation of the weights of a layer with ``inputs`` inputs.

    ``xavier``: 1/sqrt(inputs), which keeps the variance of a linear layer's output (Glorot and Bengio, 2010, in
    the form that the reports use). ``he``: sqrt(2/inputs), the same for ReLU (He et al., 2015).
    """
    if isinstance(init, Normal):
        return init.normal
    return math.sqrt((2.0 if init == "he" else 1.0) / inputs)


def draw(
    seed: int, layer: int, inits: Sequence[Init], outputs: int, inputs: int, dtype: DTypeLike
) -> tuple[Array, Array]:
    """Initial W (P, outputs, inputs) and b (P, outputs) of a layer, one member for each of ``inits``.

    Args:
        seed: of the population.
        layer: counted from 1.
        inits: P of them.
    """

    def scaled(name: str, shape: tuple[int, ...], deviations: list[float]) -> np.ndarray[Any, Any]:
        draws = stream(seed, name, layer).standard_normal(shape)
        out = np.empty((len(inits), *shape), dtype)
        for member, sigma in enumerate(deviations):
            np.multiply(draws, sigma, out=out[member], casting="same_kind")
        return out

    W = scaled("W", (outputs, inputs), [deviation(init, inputs) for init in inits])
    b = scaled("b", (outputs,), [init.bias if isinstance(init, Normal) else 0.0 for init in inits])
    return W, b
