"""What all figures share: one plain style, and text shown as it is."""

from __future__ import annotations

import contextlib
import textwrap
from typing import TYPE_CHECKING, Any, TypeVar

from chainrule.errors import needs
from chainrule.text import one_line

if TYPE_CHECKING:
    import altair as alt

    Concat = TypeVar("Concat", alt.Chart, alt.LayerChart, alt.ConcatChart, alt.VConcatChart)

FONT = "Helvetica, Arial, Liberation Sans, sans-serif"
INK, MUTED, AXIS, GRID = "#222222", "#555555", "#888888", "#e6e6e6"
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#3c9bd6", "#5b5b5b")
"""After Okabe and Ito, told apart with any colour vision; darkened to stand out from white by 3 to 1."""

MAX_LINES = 4

CONFIG: dict[str, Any] = {
    "font": FONT,
    "view": {"stroke": None},
    "title": {
        "fontSize": 16, "fontWeight": 600, "color": INK, "subtitleFontSize": 13, "subtitleColor": MUTED,
    },
    "axis": {
        "labelFontSize": 12, "titleFontSize": 13, "titleFontWeight": "normal", "labelColor": INK,
        "titleColor": INK, "grid": True, "gridColor": GRID, "domainColor": AXIS, "tickColor": AXIS, "tickSize": 4,
    },
    "legend": {
        "labelFontSize": 13, "labelColor": INK, "titleFontSize": 13, "titleFontWeight": "normal", "titleColor": INK,
        "symbolSize": 220, "symbolStrokeWidth": 2.5,
    },
}  # fmt: skip
"""Vega-Lite's configuration of every figure."""


def report_extra() -> contextlib.AbstractContextManager[None]:
    """Turn a failed import inside into :class:`chainrule.errors.MissingExtraError`."""
    return needs("figures", "report")


def colour(index: int) -> str:
    """The colour of series ``index``, counted from 0; after the last one they begin again."""
    return PALETTE[index % len(PALETTE)]


def stroke(index: int) -> float:
    """The width of series ``index`` in points: wider each time the colours begin again."""
    return 1.8 + 1.8 * (index // len(PALETTE))


def title_lines(text: str, width: int) -> list[str]:
    """``text`` in at most four lines of ``width`` characters; what does not fit becomes an ellipsis."""
    lines = textwrap.wrap(
        one_line(text), width, max_lines=MAX_LINES, placeholder="…", break_on_hyphens=False, expand_tabs=False
    )
    return lines or [""]


def titled(chart: Concat, title: str, subtitle: str = "") -> Concat:
    """``chart`` under its title, in the style of all figures, as a file or a notebook shows it."""
    import altair as alt

    heading = alt.TitleParams(title_lines(title, 90), subtitle=subtitle, anchor="start", offset=14)
    styled: Concat = chart.properties(title=heading, background="white", padding=10).configure(**CONFIG)
    return styled
