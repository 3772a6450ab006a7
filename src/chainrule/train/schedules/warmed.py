"""One learning rate for all steps but the first, which go up to it in a straight line."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from chainrule.components.kinds import Schedule
from chainrule.settings.settings import LARGEST_RATE
from chainrule.train.schedules.warm_up import WarmUp


class Warmed(WarmUp):
    """Up to ``rate`` in the share ``warm_up`` of all steps."""

    ADDED: ClassVar[tuple[str, ...]] = ()

    rate: Annotated[float, Field(gt=0, le=LARGEST_RATE)]
    warm_up: Annotated[float, Field(ge=0, lt=1)]


def rates(warmed: Warmed, steps: NDArray[np.int_], steps_per_epoch: int) -> NDArray[np.float64]:
    """The rate, (T,), of the steps that do not go up.

    >>> rates(Warmed(rate=0.1, warm_up=0.5), np.arange(3), steps_per_epoch=2).tolist()
    [0.1, 0.1, 0.1]
    """
    return np.full(len(steps), warmed.rate, np.float64)


WARMED = Schedule(
    name="warmed",
    about="`rate`, after a warm-up",
    settings=Warmed,
    example="{ rate = 0.1, warm_up = 0.1 }",
    rates=rates,
)
