"""What all figures share: one plain style, and text shown as it is."""

from __future__ import annotations

import contextlib
import re
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

from chainrule.errors import MissingExtraError

if TYPE_CHECKING:
    import altair as alt

    Concat = TypeVar("Concat", alt.ConcatChart, alt.VConcatChart)

FONT = "Helvetica, Arial, Liberation Sans, sans-serif"
INK = "#222222"
MAX_LINES = 4


@contextlib.contextmanager
def report_extra() -> Iterator[None]:
    """Turn a failed import inside into :class:`MissingExtraError`."""
    try:
        yield
    except ImportError as error:
        raise MissingExtraError("figures", "report") from error


def shown(text: str) -> str:
    """``text`` on one line, each control character (which neither XML nor a terminal can show) as U+FFFD."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]", "\ufffd", re.sub(r"[\t\n\r]+", " ", text))


def title_lines(text: str, width: int) -> list[str]:
    """``text`` in at most four lines of ``width`` characters; what does not fit becomes an ellipsis."""
    lines = textwrap.wrap(
        shown(text), width, max_lines=MAX_LINES, placeholder="…", break_on_hyphens=False, expand_tabs=False
    )
    return lines or [""]


def styled(chart: Concat, title: str, subtitle: str) -> Concat:
    """``chart`` under its title, in the style of all figures."""
    import altair as alt

    heading = alt.TitleParams(title_lines(title, 90), subtitle=subtitle, anchor="start", offset=14)
    result: Concat = (
        chart.properties(title=heading, background="white", padding=10)
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_title(fontSize=16, fontWeight=600, color=INK, subtitleFontSize=13, subtitleColor="#555555")
        .configure_axis(
            labelFontSize=12, titleFontSize=13, titleFontWeight="normal", labelColor=INK, titleColor=INK,
            grid=True, gridColor="#e6e6e6", domainColor="#888888", tickColor="#888888", tickSize=4,
        )
        .configure_legend(labelFontSize=13, labelColor=INK, symbolSize=220, symbolStrokeWidth=2.5)
    )  # fmt: skip
    return result
