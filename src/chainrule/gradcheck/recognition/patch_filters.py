"""The shapes of filters that are as large as the patches into which images are cut."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

CHANNELS = 3
"""Of an image, and of filters that are as large as its patches."""


@dataclass(frozen=True)
class Filters:
    """The patches into which images are cut, and filters as large as they are.

    Attributes:
        patches: P, of an image.
        side: f, of a patch; it has f * f * 3 = d numbers.
        count: F, of the filters.
        weights: the filters as (d, F), (F, d) or (f, f, 3, F).
        bias: that of the filters as b of the layers, or (F,), or (1, F, 1).
    """

    patches: int = 4
    side: int = 2
    count: int = 2
    weights: Literal["(d, F)", "(F, d)", "(f, f, 3, F)"] = "(d, F)"
    bias: Literal["as b", "(F,)", "(1, F, 1)"] = "as b"

    @property
    def pixels(self) -> int:
        """d."""
        return self.side * self.side * CHANNELS

    @property
    def image_side(self) -> int:
        """s, of the image that the patches make up."""
        return math.isqrt(self.patches) * self.side

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """The shapes that the filters may have, by what says how they lie."""
        d, side, count = self.pixels, self.side, self.count
        return {"(d, F)": (d, count), "(F, d)": (count, d), "(f, f, 3, F)": (side, side, CHANNELS, count)}

    @property
    def outputs(self) -> int:
        """How many inputs the layers after the filters have."""
        return self.patches * self.count
