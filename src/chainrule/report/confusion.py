"""Confusion counts: what classes a net takes for which, and how often it is right about each."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import numpy as np

from chainrule.records.figures import MisclassifiedImage, PredictionsFigure, RowPredictions
from chainrule.report.style import INK, PALETTE, report_extra, title_lines, titled
from chainrule.text import one_line

if TYPE_CHECKING:
    import altair as alt

SIDE = 300


def draw_confusion(figure: PredictionsFigure, columns: int = 2) -> alt.ConcatChart:
    """A heat map a setting, two a line: rows are true classes, columns what they were taken for.

    Raises:
        MissingExtraError: altair is not installed.
    """
    with report_extra():
        import altair as alt

    panels = [heat_map(row, figure.classes) for row in figure.rows]
    seeds = ", ".join(str(seed) for seed in sorted({row.seed for row in figure.rows if row.seed is not None}))
    classified = dict.fromkeys(rows_text(figure, row) for row in figure.rows)
    chart: alt.ConcatChart = alt.concat(*panels, columns=columns, spacing=30)
    return titled(
        chart,
        figure.title or figure.recipe,
        f"{' and '.join(classified)} by true and predicted class" + (f"; seed {seeds}" if seeds else ""),
    )


def heat_map(row: RowPredictions, classes: list[str]) -> alt.LayerChart:
    """The counts of one net, shaded by their share of the true class."""
    import altair as alt

    cells = [
        {"true": i, "predicted": j, "count": count, "share": count / max(sum(counts), 1)}
        for i, counts in enumerate(row.counts)
        for j, count in enumerate(counts)
    ]
    names = json.dumps([one_line(name) for name in classes])
    axis = alt.Axis(labelExpr=f"{names}[datum.value]", grid=False, domain=False, ticks=False)
    title = alt.TitleParams(
        title_lines(f"{row.row}: {accuracy(row):.4f} right", 40), anchor="start", fontSize=13
    )
    base = alt.Chart().encode(
        x=alt.X("predicted:O", title="taken for", axis=axis), y=alt.Y("true:O", title="true class", axis=axis)
    )
    shade = alt.Color("share:Q", legend=None).scale(
        domain=[0, 1], range=["#ffffff", PALETTE[0]], interpolate="rgb"
    )
    dark = alt.condition("datum.share > 0.6", alt.value("#ffffff"), alt.value(INK))
    layers = (
        base.mark_rect().encode(color=shade),
        base.mark_text(fontSize=10).encode(text="count:Q", color=dark),
    )
    return alt.LayerChart(
        layer=list(layers), data=alt.InlineData(values=cells), width=SIDE, height=SIDE, title=title
    )


def rows_text(figure: PredictionsFigure, row: RowPredictions) -> str:
    """What is classified: images, or the rows of a table, and which of them."""
    kind = "rows" if figure.shape[:2] == (1, 1) else "images"
    return f"{kind} kept aside" if row.seed is None else f"{kind} of the test split"


def accuracy(row: RowPredictions) -> float:
    """The share of right answers over all classes."""
    counts = np.array(row.counts)
    return float(np.trace(counts) / max(counts.sum(), 1))


def per_class(row: RowPredictions) -> list[float | None]:
    """The share of right answers about each class; None where the split has none of it."""
    return [counts[i] / sum(counts) if sum(counts) else None for i, counts in enumerate(row.counts)]


def pixels(mistake: MisclassifiedImage) -> list[int]:
    """The D values of a mistake's image, 0 to 255."""
    return list(base64.b64decode(mistake.image))


def confidence(row: RowPredictions, mistake: MisclassifiedImage) -> str:
    """How sure the net was, in words."""
    return (
        f"{mistake.confidence:.1%}" if row.confidence == "probability" else f"margin {mistake.confidence:.3g}"
    )
