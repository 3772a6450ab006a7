"""What all figures share: one plain style, text shown as it is, files in SVG and PNG."""

from __future__ import annotations

import contextlib
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from chainrule.errors import MissingExtraError
from chainrule.files import safe_name, write_bytes
from chainrule.records import CurvesFigure, Figure, TemplatesFigure

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
    # All import this file's style.
    from chainrule.report.curves import draw_curves
    from chainrule.report.histograms import draw_histograms
    from chainrule.report.templates import draw_templates

    if isinstance(figure, CurvesFigure):
        return draw_curves(figure)
    if isinstance(figure, TemplatesFigure):
        return draw_templates(figure)
    return draw_histograms(figure)
