"""Histograms of gradient entries, one panel a setting, all on the same axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule.records.figures import HistogramsFigure, RowHistogram
from chainrule.report.style import PALETTE, report_extra, title_lines, titled

if TYPE_CHECKING:
    import altair as alt

WIDTH, HEIGHT = 300, 180


def draw_histograms(figure: HistogramsFigure, columns: int = 2) -> alt.ConcatChart:
    """A panel a setting, two a line, on the same axes, so that shapes compare.

    Raises:
        MissingExtraError: altair is not installed.
    """
    with report_extra():
        import altair as alt

    sized = [
        panel(row, figure).properties(
            width=WIDTH,
            height=HEIGHT,
            title=alt.TitleParams(
                title_lines(row.row, 40), anchor="middle", fontSize=13, fontWeight=600, offset=6
            ),
        )
        for row in figure.rows
    ]
    chart: alt.ConcatChart = alt.concat(*sized, columns=columns, spacing=30)
    return titled(chart, figure.title or figure.recipe, subtitle(figure))


def subtitle(figure: HistogramsFigure) -> str:
    """What is counted."""
    seeds = sorted({row.seed for row in figure.rows if row.seed is not None})
    if not seeds:
        return "how many entries of each array have which values"
    text = "entries of dJ/dW over the whole training split, after training"
    return f"{text}; seed {seeds[0]}" if len(seeds) == 1 else text


def panel(row: RowHistogram, figure: HistogramsFigure) -> alt.Chart:
    """One setting's histogram on the axes of all of the figure's."""
    import altair as alt

    bins = [
        {"from": low, "to": high, "count": count}
        for low, high, count in zip(row.edges, row.edges[1:], row.counts, strict=False)
    ]
    edges = [edge for row in figure.rows for edge in row.edges]
    most = max((count for row in figure.rows for count in row.counts), default=1)
    # Arrays of one's own net may be anything.
    title = "dJ/dW" if row.seed is not None else "value"
    x = alt.X("from:Q", bin="binned", title=title, axis=alt.Axis(tickCount=5, format="~g", labelOverlap=True))
    tooltip = [
        alt.Tooltip("from:Q", format=".2e"),
        alt.Tooltip("to:Q", format=".2e"),
        alt.Tooltip("count:Q", title="entries"),
    ]
    chart = alt.Chart(alt.InlineData(values=bins)).mark_bar(color=PALETTE[0], binSpacing=0)
    bars: alt.Chart = chart.encode(
        x=x.scale(domain=[min(edges, default=0.0), max(edges, default=1.0)], nice=False),
        x2="to:Q",
        y=alt.Y("count:Q", title="entries").scale(domain=[0, most]),
        tooltip=tooltip,
    )
    return bars
