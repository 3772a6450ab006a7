"""A rate that first goes up in a straight line, in front of any schedule: long steps harm nets that are still as they
were drawn (Goyal, 2017)."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from chainrule.settings.strict import Strict


class WarmUp(Strict):
    """What every schedule's table has beside its own: the share ``warm_up`` of all steps, in which the rate goes up."""

    ADDED: ClassVar[tuple[str, ...]] = ("warm_up",)

    warm_up: Annotated[float, Field(ge=0, lt=1)] = 0.0

    def rising(self, steps: int) -> int:
        """How many of so many steps go up, one less than all at most.

        >>> WarmUp(warm_up=0.5).rising(5)
        2
        """
        return int(self.warm_up * steps)


def ramp(first: float, rising: int) -> NDArray[np.float64]:
    """Rates (T,) of the T steps that go up to ``first``, with which the schedule then begins: first (t + 1) / (T + 1).

    >>> ramp(4.0, 3).tolist()
    [1.0, 2.0, 3.0]
    """
    return np.asarray(first * np.arange(1, rising + 1) / (rising + 1), np.float64)
