"""Curves of one recipe: a column a setting; loss, cost and accuracy below each other."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, median_low
from typing import TYPE_CHECKING, Any

from chainrule.records.figures import CurvesFigure, RowCurves
from chainrule.report.style import INK, PALETTE, report_extra, title_lines, titled

if TYPE_CHECKING:
    import altair as alt

ChartPoints = list[dict[str, Any]]
"""A panel's data: ``epoch``, ``split``, ``mean``, ``low``, ``high``, a dictionary an epoch and split."""

METRICS = ("loss", "cost", "accuracy")
SPLITS = {"train": PALETTE[0], "val": PALETTE[1], "test": PALETTE[2]}
SPLIT_NAMES = {"train": "train", "val": "validation", "test": "test"}

SPREAD = {"mean": "mean", "low": "smallest", "high": "largest"}
"""Fields of a point over seeds, and how they are called."""

COLUMNS = 4
WIDTH, HEIGHT = 165, 115
REACH = 2.0
"""A panel whose values lie farther out than this many spans of the middle panel gets a y axis of its own."""
STEEP = 30.0
"""Values that reach this many times their median are drawn on a logarithmic axis."""


@dataclass(frozen=True)
class Domain:
    """The values that a y axis shows."""

    low: float
    high: float
    log: bool = False


@dataclass(frozen=True)
class Panel:
    """One metric of one setting; ``splits`` are those of all settings and metrics, for colours that mean the same."""

    row: RowCurves
    metric: str
    points: ChartPoints
    domain: Domain
    splits: list[str]


def draw_curves(figure: CurvesFigure, columns: int = COLUMNS) -> alt.VConcatChart:
    """Small multiples against epoch: a line is the mean over seeds, a band the smallest to the largest.

    Panels of one metric share their y axis, except those that would squash the others (see :func:`domains`).
    A null leaves a gap.

    Raises:
        MissingExtraError: altair is not installed.
    """
    with report_extra():
        import altair as alt

    drawn = [metric_panels(figure.rows, metric) for metric in METRICS]
    lines = [panels for panels in drawn if any(panel.points for panel in panels)] or drawn[:1]
    blocks = []
    for block in wrapped(len(figure.rows), columns):
        charts = [
            chart
            for panels in lines
            for chart in draw_line(panels[block], top=panels is lines[0], bottom=panels is lines[-1])
        ]
        across = len(charts) // len(lines)
        blocks.append(alt.concat(*charts, columns=across, align="each", spacing={"row": 10, "column": 14}))
    chart = alt.vconcat(*blocks, spacing=30)
    return titled(chart, figure.title or figure.recipe, seeds_text(figure.rows))


def metric_panels(rows: Sequence[RowCurves], metric: str) -> list[Panel]:
    """The panels of one metric, one a setting."""
    points = [panel_points(row, metric) for row in rows]
    fitting = zip(rows, points, domains(metric, points), strict=True)
    splits = splits_of(rows)
    return [Panel(row, metric, data, domain, splits) for row, data, domain in fitting]


def wrapped(count: int, columns: int = COLUMNS) -> list[slice]:
    """``count`` settings in lines of about equal length, at most ``columns`` each."""
    lines = math.ceil(count / columns)
    length = math.ceil(count / lines) if lines else 1
    return [slice(start, min(start + length, count)) for start in range(0, count, length)]


def seeds_text(rows: Sequence[RowCurves]) -> str:
    """What lines and bands are."""
    counts = {row.seeds for row in rows}
    if counts <= {1}:
        return "one seed"
    seeds = f"{min(counts)} to {max(counts)} seeds" if len(counts) > 1 else f"{counts.pop()} seeds"
    return f"lines: mean of {seeds}; bands: smallest to largest"


def panel_points(row: RowCurves, metric: str) -> ChartPoints:
    """The data of one panel, all splits that there are."""
    return [
        {"epoch": epoch, "split": SPLIT_NAMES[split], "mean": mean, "low": low, "high": high}
        for split in SPLITS
        if (band := row.curves.get(f"{split}_{metric}"))
        for epoch, mean, low, high in zip(
            row.epoch if band.epoch is None else band.epoch, band.mean, band.low, band.high, strict=True
        )
    ]


def domains(metric: str, panels: Sequence[ChartPoints]) -> list[Domain]:
    """A domain a panel: the common one, or its own where its values lie far outside those of its peers.

    Accuracies cannot run away, and are compared across settings: theirs is always the common one.
    """
    values = [
        [p[key] for p in points for key in ("low", "mean", "high") if p[key] is not None] for points in panels
    ]
    alike = [metric == "accuracy" or same for same in within_reach(values)]
    common = fitted([value for own, same in zip(values, alike, strict=True) if same for value in own])
    return [common if same else fitted(own) for own, same in zip(values, alike, strict=True)]


def within_reach(panels: Sequence[Sequence[float]]) -> list[bool]:
    """Whether each panel's values lie near those of the middle panel, so that one axis serves both."""
    spans = [(min(values), max(values)) for values in panels if values] or [(0.0, 1.0)]
    low, high = median_low(span[0] for span in spans), median_low(span[1] for span in spans)
    reach = REACH * max(median_low(span[1] - span[0] for span in spans), 0.05 * abs(high))
    return [not values or (low - reach <= min(values) and max(values) <= high + reach) for values in panels]


def fitted(values: Sequence[float], steep: float = STEEP) -> Domain:
    """The domain of some values, logarithmic where they reach ``steep`` times their median."""
    if not values:
        return Domain(0.0, 1.0)
    low, high = min(values), max(values)
    if low > 0 and high > steep * median(values):
        return Domain(low, high, log=True)
    margin = 0.05 * (high - low) or 0.05 * abs(high) or 0.5
    return Domain(low - margin, high + margin)


def draw_line(panels: Sequence[Panel], *, top: bool, bottom: bool) -> list[alt.LayerChart]:
    """Panels side by side; an axis is labelled where it differs from its left neighbour's, epochs at the bottom,
    settings are named at the top."""
    charts = []
    left = None
    for panel in panels:
        labelled = panel.domain != left
        charts.append(draw_panel(panel, first=left is None, labelled=labelled, bottom=bottom, titled=top))
        left = panel.domain
    return charts


def draw_panel(
    panel: Panel, *, first: bool, labelled: bool, bottom: bool, titled: bool, legend: bool = True
) -> alt.LayerChart:
    """Lines over bands; the setting's name stands over it where it is ``titled``, the epochs under it at the
    ``bottom``."""
    import altair as alt

    splits = panel.splits
    color = alt.Color("split:N").scale(
        domain=[SPLIT_NAMES[split] for split in splits], range=[SPLITS[split] for split in splits]
    )
    shape = alt.Legend(title=None, orient="top", symbolType="stroke", symbolOpacity=1) if legend else None
    color = color.legend(shape)
    base = alt.Chart(alt.InlineData(values=panel.points)).encode(x=x_channel(panel, bottom), color=color)
    y = {field: y_channel(field, panel, first=first, labelled=labelled) for field in ("mean", "low")}
    # A round cap makes a dot of the one point that is left where a run diverged at once.
    layers = [base.mark_line(strokeWidth=1.8, strokeCap="round").encode(y=y["mean"])]
    if panel.row.seeds > 1:
        layers.insert(0, base.mark_area(opacity=0.22, line=False).encode(y=y["low"], y2="high:Q"))
    chart = alt.LayerChart(layer=layers, width=WIDTH, height=HEIGHT)
    if titled:
        name = title_lines(panel.row.row, 26)
        chart.title = alt.TitleParams(name, fontSize=13, fontWeight=600, anchor="middle", offset=8)
    return chart


def splits_of(rows: Sequence[RowCurves]) -> list[str]:
    """The splits that settings have curves of, in order."""
    shown = {name.partition("_")[0] for row in rows for name in row.curves}
    return [split for split in SPLITS if split in shown]


def draw_hover(panel: Panel) -> alt.Chart:
    """The point nearest to the pointer, with its values."""
    import altair as alt

    hover = nearest()
    names = {"epoch": "epoch", "split": "split"} | SPREAD
    dots = alt.Chart(alt.InlineData(values=panel.points)).mark_point(
        size=60, filled=True, color=INK, aria=False
    )
    drawn: alt.Chart = dots.encode(
        x=x_channel(panel, True), y=y_channel("mean", panel, first=True, labelled=True),
        opacity=alt.condition(hover, alt.value(1), alt.value(0)), tooltip=tooltip(names, ".4f"),
    ).add_params(hover)  # fmt: skip
    return drawn


def nearest() -> alt.Parameter:
    """What chooses the point nearest to the pointer."""
    import altair as alt

    return alt.selection_point(name="hover", on="pointerover", clear="pointerout", nearest=True, empty=False)


def tooltip(names: dict[str, str], numbers: str) -> alt.TooltipValue:
    """A point's fields as the pointer shows them, by their names; means and bands in the format ``numbers``.

    An expression, for of the nearest point Vega-Lite 6.4 finds numbers alone.
    """
    import altair as alt

    point = "(datum.datum || datum)"
    told = {
        key: f"format({point}.{key}, '{numbers}')" if key in SPREAD else f"{point}.{key}" for key in names
    }
    fields = ", ".join(f"{json.dumps(name)}: {told[key]}" for key, name in names.items())
    return alt.TooltipValue(alt.ExprRef(f"{{{fields}}}"))


def x_channel(panel: Panel, labelled: bool) -> alt.X:
    """Epochs."""
    import altair as alt

    epochs = panel.row.epoch
    axis = alt.Axis(
        title="epoch" if labelled else None,
        labels=labelled,
        labelFlush=False,
        tickCount=4,
        tickMinStep=1,
        format="d",
    )
    scale = alt.Scale(domain=[min(epochs, default=0), max(epochs, default=1)], nice=False)
    return alt.X("epoch:Q", axis=axis, scale=scale)


def y_channel(field: str, panel: Panel, *, first: bool, labelled: bool) -> alt.Y:
    """A field of the metric over the panel's domain, named at the left of each line."""
    import altair as alt

    domain = panel.domain
    axis = alt.Axis(
        title=panel.metric if first else None,
        labels=labelled,
        tickCount=4,
        format="~g" if domain.log else "~r",
        minExtent=36 if first else 0,
    )
    scale = alt.Scale(
        domain=[domain.low, domain.high], nice=False, zero=False, type="log" if domain.log else "linear"
    )
    return alt.Y(f"{field}:Q", axis=axis, scale=scale)
