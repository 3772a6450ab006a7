"""A learning rate that goes up and down in straight lines, again and again (Smith, 2017)."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from chainrule.components.kinds import Schedule
from chainrule.settings.settings import LARGEST_RATE
from chainrule.train.schedules.warm_up import WarmUp


class Cycle(WarmUp):
    """A triangular cycle: from ``min`` up to ``max`` in ``half_cycle`` steps, down again in as many, and so on."""

    min: Annotated[float, Field(gt=0, le=LARGEST_RATE)]
    max: Annotated[float, Field(gt=0, le=LARGEST_RATE)]
    half_cycle: Annotated[int, Field(ge=1, le=1_000_000_000)]

    @model_validator(mode="after")
    def _rising(self) -> Cycle:
        if not self.min < self.max:
            raise ValueError(
                f"min = {self.min:g} is not below max = {self.max:g}; swap them or write one number"
            )
        return self


def rates(cycle: Cycle, steps: NDArray[np.int_], steps_per_epoch: int) -> NDArray[np.float64]:
    """Linear from min at t = 0 to max at t = half_cycle and back.

    >>> rates(Cycle(min=1.0, max=3.0, half_cycle=2), np.arange(6), steps_per_epoch=2).tolist()
    [1.0, 2.0, 3.0, 2.0, 1.0, 2.0]
    """
    distance = np.abs(steps % (2 * cycle.half_cycle) - cycle.half_cycle)
    share = 1 - distance / cycle.half_cycle
    return cycle.min + (cycle.max - cycle.min) * share


CYCLE = Schedule(
    name="cycle",
    about="from `min` up to `max` in `half_cycle` steps, down again in as many, and so on",
    settings=Cycle,
    example="{ min = 1e-5, max = 0.1, half_cycle = 500 }",
    rates=rates,
)
