"""Mean loss and accuracy of every member on a split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from chainrule.data.batches import batches
from chainrule.data.splits import Split
from chainrule.data.transforms import Transform
from chainrule.nn.network import Network, Parameters

BLOCK = 1000
"""Samples a block: large enough for a fast product, small enough to stay in the cache."""


@dataclass(frozen=True)
class Evaluation:
    """Mean loss and share of right answers, each (P,), float64."""

    loss: NDArray[np.float64]
    accuracy: NDArray[np.float64]


def evaluate(
    network: Network, parameters: Parameters, split: Split, transform: Transform, dtype: DTypeLike
) -> Evaluation:
    """Evaluate all members on all samples of ``split``.

    A sample counts as right when its label has the highest score, the first of equals.
    """
    members = len(parameters["b1"])
    loss, right = np.zeros(members), np.zeros(members)
    for x, y in batches(split, transform, BLOCK, dtype):
        scores = network.predict(parameters, x)
        right += (scores.argmax(axis=2) == y).sum(axis=1)
        losses, _ = network.loss_function.forward(scores, y)
        loss += losses.sum(axis=1, dtype=np.float64)
    return Evaluation(loss / len(split), right / len(split))
