"""One learning rate for all steps."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from chainrule.components.kinds import Schedule
from chainrule.settings.settings import LARGEST_RATE


def rates(rate: float, steps: NDArray[np.int_], steps_per_epoch: int) -> NDArray[np.float64]:
    """The rate, (T,).

    >>> rates(0.1, np.arange(3), steps_per_epoch=2).tolist()
    [0.1, 0.1, 0.1]
    """
    return np.full(len(steps), rate, np.float64)


CONSTANT = Schedule(
    name="constant",
    about="one rate for all steps",
    settings=Annotated[float, Field(gt=0, le=LARGEST_RATE)],
    example="a number above 0",
    rates=rates,
)
