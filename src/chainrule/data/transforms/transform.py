"""A transform of images into inputs: one multiplication and one addition an input, x = image * scale + shift.

Minibatches are converted as they are fetched, so no float copy of a data set is kept. Scale and shift are
fitted in float64. In evaluation, where weights stay, these take scale and shift in, and images are cast and nothing
else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from chainrule.arrays import Images
from chainrule.components import TRANSFORMS
from chainrule.data.transforms import sums


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

        >>> transform, W, b = Transform(np.array([0.5]), np.array([-1.0])), np.array([[[3.0]]]), np.array([[7.0]])
        >>> folded_W, folded_b = transform.folded(W, b)
        >>> image = 4.0
        >>> (folded_W * image + folded_b).item(), (W * (image * 0.5 - 1.0) + b).item()
        (10.0, 10.0)
        """
        affine = self.astype(W.dtype)
        return W * affine.scale, b + W @ affine.shift

    def mean(self, images: Images) -> float:
        """Mean of all inputs of ``images`` (N, D) after the transform, in float64."""
        return float(np.mean(sums.column_sums(images)[0] / len(images) * self.scale + self.shift))


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
    """Write ``images`` (N, D) as they are into ``out`` (N, D), and return it.

    >>> cast(np.array([[3, 4]], np.uint8), np.empty((1, 2))).tolist()
    [[3.0, 4.0]]
    """
    np.copyto(out, images)
    return out


def fit(
    preprocess: str, images: Images, max_value: float, weights: NDArray[np.float64] | None = None
) -> Transform:
    """Fit a transform on the training images.

    Args:
        preprocess: its name, of :data:`chainrule.components.TRANSFORMS`.
        images: the training images, (N, D).
        max_value: the largest value that an input can have.
        weights: of the images, (N,); None where all count alike.

    >>> fit("scale_to_unit", np.array([[0, 255]], np.uint8), max_value=255).scale.round(4).tolist()
    [0.0039, 0.0039]
    """
    return Transform(*TRANSFORMS[preprocess].fit(images, max_value, weights))
