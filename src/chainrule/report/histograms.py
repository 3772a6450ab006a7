"""Histograms of gradient entries, one panel a setting, all on the same axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule.records import HistogramsFigure, RowHistogram
from chainrule.report.style import report_extra, styled, title_lines

if TYPE_CHECKING:
    import altair as alt

WIDTH, HEIGHT = 300, 180
COLOUR = "#0072b2"


def draw_histograms(figure: HistogramsFigure) -> alt.ConcatChart:
    """A panel a setting, two a line; axes are shared, so that shapes compare.

    Raises:
        MissingExtraError: altair is not installed.
    """
    with report_extra():
        import altair as alt

    panels = [panel(row) for row in figure.rows]
    chart: alt.ConcatChart = alt.concat(*panels, columns=2, spacing=30)
    shared: alt.ConcatChart = chart.resolve_scale(x="shared", y="shared")
    seeds = sorted({row.seed for row in figure.rows})
    subtitle = "entries of dJ/dW over the whole training split, after training"
    return styled(
        shared, figure.title or figure.recipe, subtitle + (f"; seed {seeds[0]}" if len(seeds) == 1 else "")
    )


def panel(row: RowHistogram) -> alt.Chart:
    """One setting's histogram under its name."""
    import altair as alt

    bins = [
        {"from": low, "to": high, "count": count}
        for low, high, count in zip(row.edges, row.edges[1:], row.counts, strict=False)
    ]
    title = alt.TitleParams(title_lines(row.row, 40), anchor="middle", fontSize=13, fontWeight=600, offset=6)
    chart = alt.Chart(alt.InlineData(values=bins), width=WIDTH, height=HEIGHT, title=title)
    bars: alt.Chart = chart.mark_bar(color=COLOUR, binSpacing=0).encode(
        x=alt.X("from:Q", bin="binned", title="dJ/dW", axis=alt.Axis(tickCount=5, format=".1e")),
        x2="to:Q",
        y=alt.Y("count:Q", title="entries"),
    )
    return bars
