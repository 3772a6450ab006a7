"""Curves of a recipe: all settings under one legend, and of many settings each in charts of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chainrule.records.figures import CurvesFigure
from chainrule.report import curves, ends, overlay
from chainrule.report.specs import VARIABLES, Placed, Specs
from chainrule.report.style import colour, stroke
from chainrule.text import one_line

DASHED = {"train": "solid", "val": "dashed", "test": "dotted"}
"""How the page's legend draws the lines of :data:`chainrule.report.overlay.DASHES`."""


MOST_IN_ONE = 2
"""Settings beyond which their lines in one chart are a tangle: each has charts of its own as well."""
_HEIGHT = 150
"""Of a small chart, in pixels."""


@dataclass(frozen=True)
class Key:
    """An entry of a legend: a setting, its colour and the width of its line."""

    name: str
    colour: str
    width: float


@dataclass(frozen=True)
class Group:
    """Charts of all settings that one legend rules; ``dashes`` names each split's line, ``x`` what the horizontal
    axis counts, ``rates`` says what learning rates are that never change."""

    keys: list[Key]
    dashes: list[tuple[str, str]]
    charts: list[Placed]
    x: str
    subtitle: str
    rates: str


@dataclass(frozen=True)
class PanelRow:
    """Small charts side by side, each with a title; ``wide`` ones take the page's width."""

    heading: str
    charts: list[tuple[str, Placed]]
    wide: bool = False


def small_multiples(figure: CurvesFigure, specs: Specs) -> list[PanelRow]:
    """Loss and accuracy of many settings, each in a chart of its own; none of a few, which one chart shows."""
    if len(figure.rows) <= MOST_IN_ONE:
        return []
    names = [row.row for row in figure.rows]
    seeds = curves.seeds_text(figure.rows)
    drawn = [metric for metric in ("loss", "accuracy") if metric in overlay.metrics(figure)]
    every = [
        panel_row(f"{metric}; {seeds}; numbers: where lines end", figure, names, metric, specs)
        for metric in drawn
    ]
    return [
        replace(row, charts=_with_ends(row, figure, metric)) for row, metric in zip(every, drawn, strict=True)
    ]


def _with_ends(row: PanelRow, figure: CurvesFigure, metric: str) -> list[tuple[str, Placed]]:
    """A row's charts, each title with where its curves end."""
    bands = {own.row: own.curves for own in figure.rows}
    charts = []
    for name, chart in row.charts:
        ends = [
            f"{curves.SPLIT_NAMES[split]} {band.mean[-1]:#.3g}"
            for split in curves.SPLITS
            if (band := bands[name].get(f"{split}_{metric}")) and band.mean and band.mean[-1] is not None
        ]
        charts.append((f"{name}\n{', '.join(ends)}" if ends else name, chart))
    return charts


def panel_row(
    heading: str, figure: CurvesFigure, names: Sequence[str], metric: str, specs: Specs
) -> PanelRow:
    """One metric of some settings, a chart each, on common axes but where one would squash the others."""
    rows = {row.row: row for row in figure.rows}
    panels = curves.metric_panels([rows[name] for name in names if name in rows], metric)
    charts = []
    for panel in panels:
        chart = curves.draw_panel(panel, first=True, labelled=True, bottom=True, titled=False, legend=False)
        chart.layer += [*ends.draw_ends(panel, _HEIGHT), curves.draw_hover(panel)]
        words = in_words(figure.model_copy(update={"rows": [panel.row]}), metric)
        charts.append((panel.row.row, specs.place(chart, words, _HEIGHT)))
    return PanelRow(heading, charts)


def group(figure: CurvesFigure, specs: Specs) -> Group:
    """Loss, cost, accuracy and learning rate under one legend; rates that never change are words."""
    rates = _constant_rates(figure)
    placed = [
        specs.place(overlay.overlay(figure, metric, legend=False), in_words(figure, metric))
        for metric in overlay.metrics(figure)
        if not (rates and metric == "learning_rate")
    ]
    keys = [Key(one_line(row.row), VARIABLES[colour(i)], stroke(i)) for i, row in enumerate(figure.rows)]
    drawn = {
        split for row in figure.rows for split in DASHED if any(name.startswith(split) for name in row.curves)
    }
    dashes = [(curves.SPLIT_NAMES[split], line) for split, line in DASHED.items() if split in drawn]
    return Group(keys, dashes, placed, figure.x, curves.seeds_text(figure.rows), rates)


def _constant_rates(figure: CurvesFigure) -> str:
    """The learning rates, where none of them ever changes; else empty."""
    rates = {row.row: set(row.learning_rate) for row in figure.rows}
    if any(len(own) != 1 or None in own for own in rates.values()):
        return ""
    settings: dict[float | None, list[str]] = {}
    for name, (rate,) in rates.items():
        settings.setdefault(rate, []).append(f'"{one_line(name)}"')
    if len(settings) == 1:
        return f"The learning rate is {next(iter(settings)):g} throughout."
    *fewer, (most, _) = sorted(settings.items(), key=lambda own: len(own[1]))
    told = [f"{rate:g} with {' and '.join(names)}" for rate, names in fewer]
    return f"Learning rates are constant: {'; '.join(told)}; {most:g} with the others."


def in_words(figure: CurvesFigure, metric: str) -> str:
    """A chart's first and last values, for those who do not see it."""
    parts = []
    for row in figure.rows:
        data = [point for point in overlay.points([row], metric) if point["mean"] is not None]
        ends = []
        for split in dict.fromkeys(point["split"] for point in data):
            means = [point["mean"] for point in data if point["split"] == split]
            name = "" if metric == "learning_rate" else f"{split} "
            ends.append(f"{name}from {means[0]:.4g} to {means[-1]:.4g}")
        parts.append(f"{row.row}: {', '.join(ends) or 'no values'}")
    return f"{overlay.METRICS[metric]} against {figure.x}. {'; '.join(parts)}"
