"""Learning rates over the steps of a run. Step t counts from 0; the rate is read at t before update t."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule.config import Decay, LearningRate


def rates(learning_rate: LearningRate, steps_per_epoch: int, epochs: int) -> NDArray[np.float64]:
    """The rate of each of the ``steps_per_epoch * epochs`` steps, (T,).

    A decay multiplies from the second epoch on: start * decay ** (t // steps_per_epoch).
    """
    epoch = np.repeat(np.arange(epochs), steps_per_epoch)
    if isinstance(learning_rate, Decay):
        return learning_rate.start * np.power(learning_rate.decay_per_epoch, epoch, dtype=np.float64)
    return np.full(len(epoch), learning_rate, np.float64)
