"""Learning rates over the steps of a run. Step t counts from 0; the rate is read at t before update t."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule.settings.settings import Cycle, Decay, LearningRate


def rates(learning_rate: LearningRate, steps_per_epoch: int, epochs: int) -> NDArray[np.float64]:
    """The rate of each of the ``steps_per_epoch * epochs`` steps, (T,)."""
    steps = np.arange(steps_per_epoch * epochs)
    if isinstance(learning_rate, Decay):
        return decay(learning_rate, steps // steps_per_epoch)
    if isinstance(learning_rate, Cycle):
        return triangular(learning_rate, steps)
    return np.full(len(steps), learning_rate, np.float64)


def decay(schedule: Decay, epochs: NDArray[np.int_]) -> NDArray[np.float64]:
    """start * decay ** epoch, epochs counted from 0: the rate falls from the second epoch on."""
    return schedule.start * np.power(schedule.decay_per_epoch, epochs, dtype=np.float64)


def triangular(schedule: Cycle, steps: NDArray[np.int_]) -> NDArray[np.float64]:
    """Linear from min at t = 0 to max at t = half_cycle and back, again and again (Smith, 2017)."""
    distance = np.abs(steps % (2 * schedule.half_cycle) - schedule.half_cycle)
    share = 1 - distance / schedule.half_cycle
    return schedule.min + (schedule.max - schedule.min) * share
