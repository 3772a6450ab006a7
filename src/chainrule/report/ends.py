"""Names of lines where they end, so that no legend is needed: one below the other where lines end together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from chainrule.report.curves import SPLIT_NAMES, SPLITS, Domain, Panel

if TYPE_CHECKING:
    import altair as alt

_APART = 12.0
"""Pixels between the middles of two names at least."""
_ASIDE = 6
"""Pixels between the end of a line and its name."""


def draw_ends(panel: Panel, height: int) -> list[alt.Chart]:
    """The name of each split beside the last point of its line.

    Args:
        panel: with its points.
        height: of the chart in pixels.
    """
    import altair as alt

    last = {
        point["split"]: (point["epoch"], point["mean"]) for point in panel.points if point["mean"] is not None
    }
    names = [name for name in SPLIT_NAMES.values() if name in last]
    heights = apart([_pixel(last[name][1], panel.domain, height) for name in names], height)
    colours = {SPLIT_NAMES[split]: colour for split, colour in SPLITS.items()}
    return [
        alt.Chart(alt.InlineData(values=[{"epoch": last[name][0]}]))
        .mark_text(
            text=name,
            color=colours[name],
            align="left",
            baseline="middle",
            dx=_ASIDE,
            fontSize=12,
            aria=False,
        )
        .encode(x=alt.X("epoch:Q"), y=alt.value(y))
        for name, y in zip(names, heights, strict=True)
    ]


def apart(heights: Sequence[float], height: float) -> list[float]:
    """The heights moved until they are a line of text apart, inside 0 to ``height``, in the same order.

    >>> apart([50.0, 52.0], 150)
    [45.0, 57.0]
    >>> apart([149.0, 20.0, 150.0], 150.0)
    [138.0, 20.0, 150.0]
    """
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    placed = [heights[i] for i in order]
    for i in range(1, len(placed)):
        if (short := _APART - (placed[i] - placed[i - 1])) > 0:
            placed[i - 1] -= short / 2
            placed[i] += short / 2
    for i in reversed(range(len(placed))):
        placed[i] = min(placed[i], height if i == len(placed) - 1 else placed[i + 1] - _APART)
    for i in range(len(placed)):
        placed[i] = max(placed[i], 0.0 if i == 0 else placed[i - 1] + _APART)
    back = dict(zip(order, placed, strict=True))
    return [back[i] for i in range(len(heights))]


def _pixel(value: float, domain: Domain, height: int) -> float:
    """How far below the top of a chart a value is drawn."""
    low, high = domain.low, domain.high
    if domain.log:
        low, high, value = math.log(low), math.log(high), math.log(max(value, low))
    share = (value - low) / (high - low) if high > low else 0.5
    return round(height * (1 - min(max(share, 0.0), 1.0)), 1)
