"""A learning rate that goes up in a straight line, then down along half a wave of the cosine (Loshchilov, 2017)."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from chainrule.components.kinds import Schedule
from chainrule.settings.settings import LARGEST_RATE
from chainrule.settings.strict import Strict


class Cosine(Strict):
    """Up to ``peak`` in the share ``warm_up`` of all steps, and down from it towards ``end`` in the others."""

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
    """Of T steps the first w = warm_up T have peak (t + 1) / (w + 1), the others share peak + (1 - share) end, where
    share = (1 + cos(pi (t - w) / (T - w))) / 2. No step has the rate 0.

    >>> rates(Cosine(peak=4.0, warm_up=0.5), np.arange(6), steps_per_epoch=2).round(6).tolist()
    [1.0, 2.0, 3.0, 4.0, 3.0, 1.0]
    """
    rising = int(cosine.warm_up * len(steps))
    up = cosine.peak * (steps + 1) / (rising + 1)
    share = (1 + np.cos(np.pi * (steps - rising) / (len(steps) - rising))) / 2
    down = share * cosine.peak + (1 - share) * cosine.end
    return np.where(steps < rising, up, down)


COSINE = Schedule(
    name="cosine",
    about="up to `peak` in a straight line in the share `warm_up` of all steps, 0 by default, then down towards "
    "`end`, 0 by default, along half a wave",
    settings=Cosine,
    example="{ peak = 0.1, warm_up = 0.1 }",
    rates=rates,
)
