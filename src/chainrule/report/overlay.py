"""Curves of all settings in one chart a metric: for the page, where settings are chosen, and for a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chainrule.records.figures import CurvesFigure, RowCurves
from chainrule.report.curves import SPREAD, ChartPoints, fitted, nearest, panel_points, seeds_text, tooltip
from chainrule.report.style import colour, report_extra, stroke, titled
from chainrule.text import one_line

if TYPE_CHECKING:
    import altair as alt

METRICS = {"loss": "loss", "cost": "cost", "accuracy": "accuracy", "learning_rate": "learning rate"}
"""What is drawn, and how it is called."""
DASHES = {"train": [1, 0], "validation": [5, 3], "test": [1, 2]}
WIDTH, HEIGHT = 480, 300
SQUASHED = 5.0
"""Values that reach this many times their median are drawn on a logarithmic axis: one setting must not press the
others flat."""


def draw_overlay(figure: CurvesFigure, metric: str) -> alt.LayerChart:
    """One metric of all settings: lines are means over seeds, bands the smallest to the largest.

    Args:
        figure: the curves.
        metric: one of :data:`METRICS`.

    Raises:
        MissingExtraError: altair is not installed.
    """
    chart = overlay(figure, metric, legend=True)
    chart = chart.properties(width=WIDTH, height=HEIGHT)
    return titled(chart, figure.title or figure.recipe, subtitle(figure, metric))


def subtitle(figure: CurvesFigure, metric: str) -> str:
    """What the lines are."""
    return METRICS[metric] if metric == "learning_rate" else f"{METRICS[metric]}; {seeds_text(figure.rows)}"


def metrics(figure: CurvesFigure) -> list[str]:
    """The metrics of which the figure has any value, in order."""
    return [metric for metric in METRICS if any(p["mean"] is not None for p in points(figure.rows, metric))]


def points(rows: Sequence[RowCurves], metric: str) -> ChartPoints:
    """The data of a chart: ``setting`` beside the fields of :func:`chainrule.report.curves.panel_points`."""
    if metric == "learning_rate":
        return [
            {
                "setting": one_line(row.row),
                "epoch": epoch,
                "split": "train",
                "mean": rate,
                "low": rate,
                "high": rate,
            }
            for row in rows
            for epoch, rate in zip(row.epoch, row.learning_rate, strict=False)
            if rate is not None
        ]
    return [{"setting": one_line(row.row)} | point for row in rows for point in panel_points(row, metric)]


def overlay(figure: CurvesFigure, metric: str, *, legend: bool) -> alt.LayerChart:
    """The chart without title and size. Settings in the parameter ``hidden`` and epochs before ``first`` and
    after ``last`` are left out, and the axes fit the rest; with a ``legend``, a click on an entry sets one off
    against the others."""
    with report_extra():
        import altair as alt

    data = points(figure.rows, metric)
    chosen = alt.selection_point(name="chosen", fields=["setting"], bind="legend", toggle="true")
    hover = nearest()
    # A page is scrolled by the wheel: zooming takes a key.
    zoom = alt.selection_interval(name="zoom", bind="scales", encodings=["x"], zoom="wheel![event.shiftKey]")
    base = alt.Chart().encode(
        x=alt.X("epoch:Q", title=figure.x).scale(nice=False, zero=False).axis(tickMinStep=1, tickCount=6),
        **_series(figure.rows, legend),
    )
    line = base.mark_line(strokeCap="round", aria=False).encode(
        y=_y("mean", metric, data), strokeDash=_dash(data, legend)
    )
    if legend:
        line = line.encode(opacity=alt.condition(chosen, alt.value(1), alt.value(0.1))).add_params(chosen)
    dots = base.mark_point(filled=True, size=60, strokeWidth=0, aria=False).encode(
        y="mean:Q", opacity=alt.condition(hover, alt.value(1), alt.value(0)), tooltip=_tooltip(figure, metric)
    )
    layers = [line.add_params(zoom), dots.add_params(hover)]
    if metric != "learning_rate" and any(row.seeds > 1 for row in figure.rows):
        layers.insert(
            0, base.mark_area(opacity=0.16, aria=False).encode(y="low:Q", y2="high:Q", detail="split:N")
        )
    chart = alt.LayerChart(layer=layers, data=alt.InlineData(values=data))
    limits = [alt.param(name="first", value=None), alt.param(name="last", value=None)]
    within = "(first === null || datum.epoch >= first) && (last === null || datum.epoch <= last)"
    chart = chart.transform_filter(within).add_params(*limits)
    hidden = alt.param(name="hidden", value=[])
    drawn: alt.LayerChart = chart.transform_filter("indexof(hidden, datum.setting) < 0").add_params(hidden)
    return drawn


def _series(rows: Sequence[RowCurves], legend: bool) -> dict[str, Any]:
    """Colour and width of each setting."""
    import altair as alt

    names = [one_line(row.row) for row in rows]
    shape = (
        alt.Legend(
            title=None, orient="bottom", columns=3, labelLimit=280, symbolType="stroke", symbolOpacity=1
        )
        if legend
        else None
    )
    colours, widths = ([of(i) for i in range(len(names))] for of in (colour, stroke))
    # Without its type the scale would place all widths on a line between the first and the last.
    return {
        "color": alt.Color("setting:O", legend=shape).scale(domain=names, range=colours),
        "strokeWidth": alt.StrokeWidth("setting:O", legend=shape).scale(
            type="ordinal", domain=names, range=widths
        ),
    }


def _dash(data: ChartPoints, legend: bool) -> alt.StrokeDash:
    import altair as alt

    splits = [split for split in DASHES if any(point["split"] == split for point in data)]
    shape = alt.Legend(title=None, orient="bottom", symbolType="stroke", symbolSize=400) if legend else None
    dashes = [DASHES[split] for split in splits]
    return alt.StrokeDash("split:N", legend=shape).scale(domain=splits, range=dashes)


def _y(field: str, metric: str, data: ChartPoints) -> alt.Y:
    import altair as alt

    values = [point[key] for point in data for key in ("low", "mean", "high") if point[key] is not None]
    name = METRICS[metric]
    if metric != "learning_rate" and fitted(values, SQUASHED).log:
        axis = alt.Axis(title=f"{name}, logarithmic", tickCount=5, format="~g")
        return alt.Y(f"{field}:Q", axis=axis, scale=alt.Scale(type="log", nice=False, padding=6))
    # Rates begin at 0, so that no constant one lies on the frame.
    rate = metric == "learning_rate"
    axis = alt.Axis(tickCount=5, format="~g") if rate else alt.Axis(tickCount=5)
    return alt.Y(f"{field}:Q", title=name, axis=axis, scale=alt.Scale(zero=rate))


def _tooltip(figure: CurvesFigure, metric: str) -> alt.TooltipValue:
    """What the pointer shows."""
    if metric == "learning_rate":
        return tooltip({"setting": "setting", "epoch": figure.x, "mean": METRICS[metric]}, ".4~g")
    names = {"setting": "setting", "epoch": figure.x, "split": "split"}
    many = any(row.seeds > 1 for row in figure.rows)
    return tooltip(names | (SPREAD if many else {"mean": METRICS[metric]}), ".4f")
