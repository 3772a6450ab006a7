"""What nets say of numbers beside what was measured: a point a row, on the diagonal where they are right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule.records.figures import ResidualsFigure
from chainrule.report.style import MUTED, PALETTE, report_extra, titled
from chainrule.text import one_line

if TYPE_CHECKING:
    import altair as alt

SIDE = 340


def draw_residuals(figure: ResidualsFigure) -> alt.LayerChart:
    """Predicted against measured.

    Raises:
        MissingExtraError: altair is not installed.
    """
    with report_extra():
        import altair  # noqa: F401
    chart = scatter(figure).properties(width=SIDE, height=SIDE)
    return titled(chart, figure.title or figure.recipe, subtitle(figure))


def subtitle(figure: ResidualsFigure) -> str:
    """What is shown."""
    shown = f"{len(figure.truth)} of " if len(figure.truth) < figure.rows else ""
    return f"{shown}{figure.rows} rows kept aside; on the line predictions are right"


def in_words(figure: ResidualsFigure) -> str:
    """How far predictions are off."""
    low, middle, high = figure.quartiles
    return f"Half of the predictions are off by {low:.4g} to {high:.4g}, the middle one by {middle:.4g}"


def scatter(figure: ResidualsFigure) -> alt.LayerChart:
    """A point a row, and the diagonal."""
    import altair as alt

    ends = [min(*figure.truth, *figure.predicted), max(*figure.truth, *figure.predicted)]
    name = one_line(figure.target)
    x, y = (
        alt.X("truth:Q", title=f"{name}, measured").scale(domain=ends, nice=True, zero=False),
        alt.Y("predicted:Q", title=f"{name}, predicted").scale(domain=ends, nice=True, zero=False),
    )
    pairs = [{"truth": t, "predicted": p} for t, p in zip(figure.truth, figure.predicted, strict=True)]
    diagonal = [{"truth": end, "predicted": end} for end in ends]
    tips = [alt.Tooltip("truth:Q", title="measured", format=".4g"), alt.Tooltip("predicted:Q", format=".4g")]
    points = alt.Chart(alt.InlineData(values=pairs)).mark_circle(color=PALETTE[0], opacity=0.6, size=28)
    line = alt.Chart(alt.InlineData(values=diagonal)).mark_line(color=MUTED, strokeDash=[4, 3])
    return alt.LayerChart(layer=[line.encode(x=x, y=y), points.encode(x=x, y=y, tooltip=tips)])
