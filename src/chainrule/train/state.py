"""A population between two epochs: all that its future depends on besides settings, seed and data.

Random numbers need no state: the stream of an epoch is keyed by (seed, epoch).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_OF_EPOCHS = ("epochs", "steps", "rates")
"""Arrays with an entry for each evaluation, beside the curves."""


@dataclass(frozen=True)
class State:
    """P members after ``epoch`` epochs.

    Attributes:
        epoch: passes over the training images so far.
        arrays: weights, running values, curves and whatever else is kept, by name; each leads with the member axis,
            so that members can be left out and put together.
    """

    epoch: int
    arrays: Mapping[str, NDArray[Any]]

    def take(self, members: Sequence[int]) -> State:
        """The members of these numbers, in this order; a copy."""
        return State(self.epoch, {name: array[list(members)] for name, array in self.arrays.items()})

    def anew(self) -> State:
        """Where a training on other rows begins: its epochs and curves are to come; a copy."""
        arrays = {
            name: array[:, :0] if name in _OF_EPOCHS or name.startswith("curve.") else array
            for name, array in self.arrays.items()
        }
        return State(0, {name: array.copy() for name, array in arrays.items()})


def pack(parts: Sequence[State]) -> State:
    """The members of all ``parts`` as one population, in order; a copy.

    Raises:
        ValueError: they stand at different epochs or are no nets of one kind.
    """
    first = parts[0]
    if any(part.epoch != first.epoch or part.arrays.keys() != first.arrays.keys() for part in parts):
        raise ValueError("only nets of one kind at one epoch can be trained on together")
    return State(
        first.epoch, {name: np.concatenate([part.arrays[name] for part in parts]) for name in first.arrays}
    )
