"""What one setting may be in a search: a number of a range, or a value of a list."""

from __future__ import annotations

import json
import math
from typing import Annotated, Any

import numpy as np
from pydantic import Field, model_validator

from chainrule.settings.strict import Strict


class Range(Strict):
    """All numbers from ``low`` to ``high``, both included.

    Attributes:
        log: even in the logarithm.
        integer: whole numbers alone.

    >>> [round(value, 6) for value in Range(low=0.001, high=0.1, log=True).spaced(3)]
    [0.001, 0.01, 0.1]
    >>> Range(low=1.0, high=4.0, integer=True).size
    4
    """

    low: float
    high: float
    log: bool = False
    integer: bool = False

    @model_validator(mode="after")
    def _possible(self) -> Range:
        if not self.low < self.high:
            raise ValueError(
                f"low = {self.low:g} is not below high = {self.high:g}; swap them or write one value in a list"
            )
        if self.log and self.low <= 0:
            raise ValueError(f"log = true: low = {self.low:g} has no logarithm; write a low above 0")
        if self.integer and not (self.low.is_integer() and self.high.is_integer()):
            raise ValueError("integer = true: low and high must be whole numbers")
        return self

    @property
    def size(self) -> int | None:
        """How many values there are; None where they cannot be counted."""
        return int(self.high - self.low) + 1 if self.integer else None

    @property
    def ends(self) -> list[Any]:
        """The lowest and the highest value."""
        return [int(end) if self.integer else end for end in (self.low, self.high)]

    def holds(self, value: Any) -> bool:
        """Whether it is one of the values."""
        return bool(self.low <= value <= self.high)

    def draw(self, generator: np.random.Generator) -> Any:
        """One value, uniform or uniform in the logarithm."""
        # A whole number stands for the interval of length 1 around it.
        margin = 0.5 if self.integer else 0.0
        low, high = self._scaled(self.low - margin), self._scaled(self.high + margin)
        return self._value(generator.uniform(low, high))

    def spaced(self, count: int | None) -> list[Any]:
        """``count`` values, evenly spaced, each once."""
        scaled = np.linspace(self._scaled(self.low), self._scaled(self.high), count or 1)
        return list(dict.fromkeys(self._value(float(number)) for number in scaled))

    def _scaled(self, value: float) -> float:
        return math.log(value) if self.log else value

    def _value(self, scaled: float) -> Any:
        value = math.exp(scaled) if self.log else scaled
        inside = min(max(value, self.low), self.high)
        return round(inside) if self.integer else inside


class Choices(Strict):
    """A list of values, none twice.

    >>> Choices(values=("he", {"normal": 0.01})).holds({"normal": 0.01})
    True
    """

    values: Annotated[tuple[Any, ...], Field(strict=False, min_length=1)]

    @model_validator(mode="after")
    def _each_once(self) -> Choices:
        texts = [key(value) for value in self.values]
        twice = [text for text in dict.fromkeys(texts) if texts.count(text) > 1]
        if twice:
            raise ValueError(f"{', '.join(twice)} is given twice; write each value once")
        return self

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.values)

    @property
    def ends(self) -> list[Any]:
        """All of them: none lies between others."""
        return list(self.values)

    def holds(self, value: Any) -> bool:
        """Whether it is one of them."""
        return key(value) in map(key, self.values)

    def draw(self, generator: np.random.Generator) -> Any:
        """One of them."""
        return self.values[generator.integers(len(self.values))]

    def spaced(self, count: int | None) -> list[Any]:
        """All of them."""
        return list(self.values)


Dimension = Range | Choices


def key(value: Any) -> str:
    """The name of a value or of a combination of them: equal for equal ones.

    >>> key({"b": 1, "a": 2}) == key({"a": 2, "b": 1})
    True
    """
    return json.dumps(value, sort_keys=True, default=str)
