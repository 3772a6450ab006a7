"""The learning rates of a run. Step t counts from 0; the rate is read at t before update t."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule.components import SCHEDULES
from chainrule.settings.settings import LearningRate
from chainrule.train.schedules.warm_up import WarmUp, ramp


def rates(learning_rate: LearningRate, steps_per_epoch: int, epochs: int) -> NDArray[np.float64]:
    """The rate of each of the ``steps_per_epoch * epochs`` steps, (T,): the warm-up's, then the schedule's as if it
    began there.

    >>> rates(0.1, steps_per_epoch=2, epochs=2).tolist()
    [0.1, 0.1, 0.1, 0.1]
    >>> from chainrule.train.schedules.cosine import Cosine
    >>> rates(Cosine(peak=4.0, warm_up=0.5), steps_per_epoch=3, epochs=2).round(6).tolist()
    [1.0, 2.0, 3.0, 4.0, 3.0, 1.0]
    """
    steps = steps_per_epoch * epochs
    rising = learning_rate.rising(steps) if isinstance(learning_rate, WarmUp) else 0
    schedule = SCHEDULES.of(learning_rate)
    after = schedule.rates(learning_rate, np.arange(steps - rising), steps_per_epoch)
    return np.concatenate([ramp(after[0], rising), after])
