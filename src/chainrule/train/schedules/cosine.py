"""A learning rate that goes down along half a wave of the cosine (Loshchilov, 2017)."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from chainrule.components.kinds import Schedule
from chainrule.settings.settings import LARGEST_RATE
from chainrule.train.schedules.warm_up import WarmUp


class Cosine(WarmUp):
    """Down from ``peak`` towards ``end``, after a warm-up."""

    ADDED: ClassVar[tuple[str, ...]] = ()  # it has stood in records since there was this schedule

    peak: Annotated[float, Field(gt=0, le=LARGEST_RATE)]
    warm_up: Annotated[float, Field(ge=0, lt=1)] = 0.0
    end: Annotated[float, Field(ge=0, le=LARGEST_RATE)] = 0.0

    @model_validator(mode="after")
    def _falling(self) -> Cosine:
        if not self.end < self.peak:
            raise ValueError(
                f"end = {self.end:g} is not below peak = {self.peak:g}; swap them or write one number"
            )
        return self


def rates(cosine: Cosine, steps: NDArray[np.int_], steps_per_epoch: int) -> NDArray[np.float64]:
    """Of T steps share peak + (1 - share) end, where share = (1 + cos(pi t / T)) / 2. No step has the rate 0.

    >>> rates(Cosine(peak=4.0), np.arange(3), steps_per_epoch=2).round(6).tolist()
    [4.0, 3.0, 1.0]
    """
    share = (1 + np.cos(np.pi * steps / len(steps))) / 2
    falling: NDArray[np.float64] = share * cosine.peak + (1 - share) * cosine.end
    return falling


COSINE = Schedule(
    name="cosine",
    about="from `peak` down towards `end`, 0 by default, along half a wave",
    settings=Cosine,
    example="{ peak = 0.1, warm_up = 0.1 }",
    rates=rates,
)
