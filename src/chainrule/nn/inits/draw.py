"""Draws of initial weights and biases.

Every member of a seed starts from the same standard normal draws, scaled as its init asks, so that settings are
compared like with like. Members of an ensemble have a seed each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from chainrule.arrays import Array
from chainrule.components import INITS
from chainrule.rng import stream
from chainrule.settings.settings import InitValue


def draw(
    seed: int | Sequence[int],
    layer: int,
    inits: Sequence[InitValue],
    outputs: int,
    inputs: int,
    dtype: DTypeLike,
) -> tuple[Array, Array]:
    """Initial W (P, outputs, inputs) and b (P, outputs) of a layer, one member for each of ``inits``.

    Args:
        seed: of all members, or one for each.
        layer: counted from 1.
        inits: P of them.
        outputs, inputs: the layer's widths.
        dtype: of both.

    With 2 inputs He's deviation is 1 and Xavier's 1 / sqrt(2); both scale the same draws:

    >>> W, b = draw(seed=0, layer=1, inits=["he", "xavier"], outputs=3, inputs=2, dtype=np.float64)
    >>> W.shape, b.shape
    ((2, 3, 2), (2, 3))
    >>> np.allclose(W[0] ** 2, 2 * W[1] ** 2)
    True
    """

    seeds = [seed] * len(inits) if isinstance(seed, int) else seed

    def scaled(name: str, shape: tuple[int, ...], deviations: list[float]) -> np.ndarray[Any, Any]:
        out, drawn = np.empty((len(inits), *shape), dtype), None
        for member, (own, sigma) in enumerate(zip(seeds, deviations, strict=True)):
            if sigma == 0:
                out[member] = 0
                continue
            if drawn != own:
                draws, drawn = stream(own, name, layer).standard_normal(shape), own
            np.multiply(draws, sigma, out=out[member], casting="same_kind")
        return out

    W = scaled("W", (outputs, inputs), [INITS.of(init).deviation(init, inputs, outputs) for init in inits])
    b = scaled("b", (outputs,), [INITS.of(init).bias(init, inputs, outputs) for init in inits])
    return W, b
