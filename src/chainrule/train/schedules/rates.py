"""The learning rates of a run. Step t counts from 0; the rate is read at t before update t."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule.components import SCHEDULES
from chainrule.settings.settings import LearningRate


def rates(learning_rate: LearningRate, steps_per_epoch: int, epochs: int) -> NDArray[np.float64]:
    """The rate of each of the ``steps_per_epoch * epochs`` steps, (T,).

    >>> rates(0.1, steps_per_epoch=2, epochs=2).tolist()
    [0.1, 0.1, 0.1, 0.1]
    """
    steps = np.arange(steps_per_epoch * epochs)
    return SCHEDULES.of(learning_rate).rates(learning_rate, steps, steps_per_epoch)
