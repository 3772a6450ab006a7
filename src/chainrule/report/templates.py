"""Class templates: the rows of a linear classifier's W as pictures, a line of K a setting."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from chainrule.records import RowTemplates, TemplatesFigure
from chainrule.report.style import INK, report_extra, shown, styled, title_lines

if TYPE_CHECKING:
    import altair as alt

SIDE = 64
"""Points of a picture's longer side."""
GAP = 6


def draw_templates(figure: TemplatesFigure) -> alt.VConcatChart:
    """A line of pictures a setting under its name, the class names on top.

    Raises:
        MissingExtraError: altair or Pillow is not installed.
    """
    with report_extra():
        import altair as alt

    names = name_line(figure.classes)
    lines = [picture_line(row, figure.classes, figure.shape) for row in figure.rows]
    chart = alt.vconcat(names, *lines, spacing=10)
    seeds = sorted({row.seed for row in figure.rows})
    subtitle = f"seed {seeds[0]}" if len(seeds) == 1 else ""
    return styled(chart, figure.title or figure.recipe, subtitle)


def name_line(classes: Sequence[str]) -> alt.Chart:
    """The class names, each centred over its column."""
    import altair as alt

    points = [{"x": centre(k), "name": shown(name)} for k, name in enumerate(classes)]
    chart = alt.Chart(alt.InlineData(values=points), width=width(len(classes)), height=16)
    chart = chart.mark_text(fontSize=12, color=INK, limit=SIDE, baseline="bottom", y=16)
    named: alt.Chart = chart.encode(x=position(len(classes)), text="name:N")
    return named


def picture_line(row: RowTemplates, classes: Sequence[str], shape: tuple[int, int, int]) -> alt.Chart:
    """One setting's K pictures side by side under its name."""
    import altair as alt

    points = [
        {"x": centre(k), "url": data_uri(image, shape), "name": shown(name)}
        for k, (name, image) in enumerate(zip(classes, row.images, strict=True))
    ]
    _, rows, columns = shape
    unit = SIDE / max(rows, columns)
    high, wide = unit * rows, unit * columns
    title = alt.TitleParams(title_lines(row.row, 80), anchor="start", fontSize=13, fontWeight=600, offset=4)
    chart = alt.Chart(alt.InlineData(values=points), width=width(len(points)), height=high, title=title)
    chart = chart.mark_image(
        width=wide, height=high, y=high / 2, align="center", baseline="middle", smooth=False
    )
    # Without a description the SVG would repeat each data URI as what a screen reader says.
    pictures: alt.Chart = chart.encode(x=position(len(points)), url="url:N", description="name:N")
    return pictures


def width(count: int) -> int:
    """Points of a line of ``count`` pictures."""
    return count * (SIDE + GAP) - GAP


def centre(k: int) -> float:
    """Where picture k's middle lies."""
    return k * (SIDE + GAP) + SIDE / 2


def position(count: int) -> alt.X:
    """Fields ``x`` as points, without an axis."""
    import altair as alt

    return alt.X("x:Q", axis=None).scale(domain=[0, width(count)], nice=False)


def data_uri(image: Sequence[int], shape: tuple[int, int, int]) -> str:
    """The D values in 0..255, planes of ``shape`` (channels, height, width), as a PNG in a data URI.

    One channel is grey, three are RGB. Pixels are repeated until the longer side has at least ``SIDE``.

    Raises:
        MissingExtraError: Pillow is not installed.
    """
    with report_extra():
        from PIL import Image

    planes = np.array(image, np.uint8).reshape(shape)
    pixels = planes[0] if shape[0] == 1 else planes.transpose(1, 2, 0)
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    factor = -(-SIDE // max(picture.size))
    picture = picture.resize((picture.width * factor, picture.height * factor), Image.Resampling.NEAREST)
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
