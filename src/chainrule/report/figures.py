"""Figures from their data: drawn, and written as SVG and PNG."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.files import safe_name, write_bytes
from chainrule.records import CurvesFigure, Figure, TemplatesFigure
from chainrule.report.curves import draw_curves
from chainrule.report.histograms import draw_histograms
from chainrule.report.style import report_extra
from chainrule.report.templates import draw_templates

if TYPE_CHECKING:
    import altair as alt


def write(chart: alt.TopLevelMixin, stem: Path) -> list[Path]:
    """Write ``chart`` to ``stem`` + ``.svg`` and ``.png`` (two pixels a point), each whole or not at all.

    Both are one picture: the PNG is drawn from the SVG.

    Raises:
        MissingExtraError: altair or vl-convert is not installed.
        StoreError: the folder cannot be written or the disk is full.
    """
    with report_extra():
        import io

        import vl_convert

        buffer = io.StringIO()
        chart.save(buffer, format="svg")
    svg = buffer.getvalue()
    files = {".svg": svg.encode(), ".png": vl_convert.svg_to_png(svg, scale=2.0)}
    paths = [stem.with_name(stem.name + suffix) for suffix in files]
    for path, data in zip(paths, files.values(), strict=True):
        write_bytes(path, data)
    return paths


def draw(figure: Figure, directory: Path) -> list[Path]:
    """Write a figure to ``directory`` as ``RECIPE-KIND``; the files written, SVG first.

    Raises:
        MissingExtraError: altair, vl-convert or Pillow is not installed.
        StoreError: the folder cannot be written or the disk is full.
    """
    return write(chart(figure), directory / safe_name(f"{figure.recipe}-{figure.kind}"))


def chart(figure: Figure) -> alt.VConcatChart | alt.ConcatChart:
    """The chart of a figure's data."""
    if isinstance(figure, CurvesFigure):
        return draw_curves(figure)
    if isinstance(figure, TemplatesFigure):
        return draw_templates(figure)
    return draw_histograms(figure)
