"""A published number beside measured ones: prediction interval and verdict."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

import numpy as np
from pydantic import BeforeValidator

from chainrule.records.base import Number
from chainrule.statistics import FEWEST, special

Agreement = Literal["agrees", "differs", "uninformative"]

WIDEST = 0.03
"""Half-width above which an accuracy inside an interval need not agree with it: almost any would lie inside."""

UNOFFICIAL = 0.006
"""By how much an interval widens each way when the data's checksums are not the official ones."""


def _printed(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"[-+]?\d{1,6}(\.\d{1,40})?([eE][-+]?\d{1,2})?", value):
        raise ValueError('write the number as printed, in quotes: "0.370"')
    return value


Published = Annotated[str, BeforeValidator(_printed)]
"""A number as its report prints it, in quotes, so that its last digit is known."""


@dataclass(frozen=True)
class Interval:
    """Mean, and 95% prediction interval for one more run; None where they cannot be told."""

    mean: Number
    low: Number
    high: Number

    def holds(self, value: float) -> bool:
        """Whether a value lies inside; False where the ends cannot be told."""
        return self.low is not None and self.high is not None and self.low <= value <= self.high


def interval(values: Sequence[Number], published: str | None, widened: float) -> Interval:
    """Where one more run would lie with probability 0.95: mean +- t * sd * sqrt(1 + 1/n), widened.

    t is the 97.5% point of Student's distribution with n - 1 degrees of freedom. Under three values there are no ends.

    Args:
        values: one a seed; where one is None, so is the result.
        published: as printed; half a unit of its last digit is added each way.
        widened: added each way as well.

    Of three seeds t is 4.303, so the half width is 4.303 * 0.01 * sqrt(4/3) + 0.0005:

    >>> measured = interval([0.36, 0.37, 0.38], "0.370", widened=0.0)
    >>> [round(number, 4) for number in (measured.low, measured.mean, measured.high)]
    [0.3198, 0.37, 0.4202]
    """
    finite = [value for value in values if value is not None]
    count = len(values)
    if len(finite) < count:
        return Interval(None, None, None)
    mean = float(np.mean(finite))
    if count < FEWEST:
        return Interval(mean, None, None)
    half = (
        float(special().stdtrit(count - 1, 0.975)) * float(np.std(finite, ddof=1)) * math.sqrt(1 + 1 / count)
    )
    half += widened + (half_unit(published) if published is not None else 0.0)
    return Interval(mean, mean - half, mean + half)


def half_unit(published: str) -> float:
    """Half a unit of the last digit printed: 0.0005 of "0.370".

    >>> half_unit("0.370"), half_unit("0.37")
    (0.0005, 0.005)
    """
    return 0.5 * 10.0 ** -decimals(published)


def decimals(published: str) -> int:
    """Decimals printed: 3 of "0.370".

    >>> decimals("0.370"), decimals("2.2e-5")
    (3, 6)
    """
    return -int(Decimal(published).as_tuple().exponent)


def verdict(measured: Interval, published: str | None) -> Agreement | None:
    """``agrees`` inside the interval, ``differs`` outside, ``uninformative`` inside one that is too wide to tell.

    None where nothing was published or the interval has no ends.

    >>> narrow, wide = Interval(0.37, 0.36, 0.38), Interval(0.37, 0.32, 0.42)
    >>> [verdict(narrow, "0.372"), verdict(narrow, "0.35"), verdict(wide, "0.372"), verdict(wide, "0.9")]
    ['agrees', 'differs', 'uninformative', 'differs']
    """
    if published is None or measured.low is None or measured.high is None:
        return None
    if not measured.holds(float(published)):
        return "differs"
    return "uninformative" if (measured.high - measured.low) / 2 > WIDEST else "agrees"
