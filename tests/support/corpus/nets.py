"""Small nets in one plain form, from which every program of the corpus takes what it needs, in its own convention."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Shape:
    """What a program is run on: d inputs, hidden widths, K classes, N samples; the loss and the activation between."""

    name: str
    d: int
    hidden: tuple[int, ...]
    K: int
    N: int
    l2: float
    loss: str = "softmax"
    batchnorm: bool = False
    activation: str = "ReLU"

    @property
    def widths(self) -> tuple[int, ...]:
        return (self.d, *self.hidden, self.K)

    @property
    def features(self) -> set[str]:
        """The words by which a wrong program says on which shapes it is wrong."""
        layers = len(self.hidden) + 1
        facts = {
            "l2": self.l2 > 0,
            "batchnorm": self.batchnorm,
            "plain": not self.batchnorm,
            "hidden": layers > 1,
            "deep": layers > 2,
            "square": len(set(self.widths)) == 1,
            "oblong": len(set(self.widths)) > 1,
            "level": layers > 1 and len(set(self.widths[1:])) == 1,
            self.loss: True,
        }
        return {word for word, true in facts.items() if true}


@dataclass
class Net:
    """W[l] (out, in), b[l] (out,), gamma[l] and beta[l] (out,) of the hidden layers, X (N, d), y (N,)."""

    shape: Shape
    W: list[Array]
    b: list[Array]
    gamma: list[Array]
    beta: list[Array]
    X: Array
    y: NDArray[np.int64]

    @property
    def Y(self) -> Array:
        """Labels one-hot, (N, K)."""
        return np.eye(self.shape.K)[self.y]


def draw(rng: np.random.Generator, shape: Shape) -> Net:
    """A net at which nothing is special: no bias at 0, no gamma at 1, every class among the labels if N allows."""
    pairs = list(zip(shape.widths[1:], shape.widths[:-1], strict=True))
    hidden = shape.hidden if shape.batchnorm else ()
    labels = np.concatenate([np.arange(shape.K), rng.integers(0, shape.K, size=shape.N)])[: shape.N]
    return Net(
        shape,
        W=[rng.normal(0, 1.2 / np.sqrt(fan_in), (fan_out, fan_in)) for fan_out, fan_in in pairs],
        b=[rng.normal(0, 0.3, fan_out) for fan_out, _ in pairs],
        gamma=[rng.uniform(0.5, 1.8, width) for width in hidden],
        beta=[rng.normal(0, 0.4, width) for width in hidden],
        X=rng.normal(0, 1, (shape.N, shape.d)),
        y=rng.permutation(labels),
    )
