"""A learning rate that is multiplied by a factor after every epoch."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from chainrule.components.kinds import Schedule
from chainrule.settings.settings import LARGEST_RATE
from chainrule.train.schedules.warm_up import WarmUp


class Decay(WarmUp):
    """A learning rate of ``start``, multiplied by ``decay_per_epoch`` from the second epoch on."""

    start: Annotated[float, Field(gt=0, le=LARGEST_RATE)]
    decay_per_epoch: Annotated[float, Field(gt=0, lt=1)]


def rates(decay: Decay, steps: NDArray[np.int_], steps_per_epoch: int) -> NDArray[np.float64]:
    """start * decay ** epoch, epochs counted from 0: the rate falls from the second epoch on.

    >>> rates(Decay(start=0.4, decay_per_epoch=0.5), np.arange(6), steps_per_epoch=2).tolist()
    [0.4, 0.4, 0.2, 0.2, 0.1, 0.1]
    """
    return decay.start * np.power(decay.decay_per_epoch, steps // steps_per_epoch, dtype=np.float64)


DECAY = Schedule(
    name="decay",
    about="`start` in the first epoch, multiplied by `decay_per_epoch` from the second on",
    settings=Decay,
    example="{ start = 0.02, decay_per_epoch = 0.9 }",
    rates=rates,
)
