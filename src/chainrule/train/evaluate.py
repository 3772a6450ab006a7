"""Mean loss and accuracy of every member on a split."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array, Labels
from chainrule.data.batches import batches
from chainrule.data.splits import Split
from chainrule.data.transforms.transform import Transform, cast
from chainrule.nn.network import Network, Parameters
from chainrule.nn.weighting import weighed

_BLOCK = 500
"""Samples a block: large enough for a fast product, small enough to stay in the cache."""


@dataclass(frozen=True)
class Evaluation:
    """Mean loss and share of right answers, each (P,) in float64, by the samples' weights where they have some.

    Of numbers no answer is right, and the share is None.
    """

    loss: NDArray[np.float64]
    accuracy: NDArray[np.float64] | None


def evaluate(network: Network, parameters: Parameters, split: Split, transform: Transform) -> Evaluation:
    """Evaluate all members on all samples of ``split``.

    A sample counts as right when its label has the highest score, the first of equals; where it has several labels or
    none, as the share of the outputs that are above 0 for those, and for no other.
    """
    members = len(parameters["b1"])
    loss, right = np.zeros(members), np.zeros(members)
    for scores, y, weights in scored(network, parameters, split, transform):
        right += weighed(_right(scores, y), weights).sum(axis=1)
        losses, _ = network.loss_function.forward(scores, y)
        loss += weighed(losses, weights).sum(axis=1, dtype=np.float64)
    return Evaluation(loss / split.weight, None if network.loss_function.numbers else right / split.weight)


def _right(scores: Array, y: Labels) -> NDArray[np.float64]:
    """How far each sample is right, (P, N), of scores (P, N, K) and labels (N,), or targets (N, K) of 0 and 1."""
    if y.ndim == 2:
        return np.asarray(((scores > 0) == y).mean(axis=2))
    return np.asarray(scores.argmax(axis=2) == y, np.float64)


def scored(
    network: Network, parameters: Parameters, split: Split, transform: Transform
) -> Iterator[tuple[Array, Labels, Array | None]]:
    """Scores (P, n, K), labels (n,) and weights of ``split`` in its order, a block at a time, in the type of the
    parameters.

    The first layer takes the transform in, which spares a pass over the inputs for one over the weights.
    """
    W, b = transform.folded(parameters["W1"], parameters["b1"])
    folded = parameters | {"W1": W, "b1": b}
    for images, y, weights in batches(split, cast, _BLOCK, W.dtype):
        yield network.predict(folded, images), y, weights
