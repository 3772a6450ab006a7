"""Pictures: the rows of a linear classifier's W as class templates, and the surest mistakes, a line a setting."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from chainrule.records.figures import PredictionsFigure, TemplatesFigure
from chainrule.report.confusion import confidence, pixels
from chainrule.report.style import INK, report_extra, title_lines, titled
from chainrule.text import one_line

if TYPE_CHECKING:
    import altair as alt

SIDE = 64
"""Points of a picture's longer side."""
GAP = 6


def draw_templates(figure: TemplatesFigure, across: int | None = None) -> alt.VConcatChart:
    """A line of pictures a setting under its name, the class names on top; of at most ``across`` pictures.

    Raises:
        MissingExtraError: altair or Pillow is not installed.
    """
    with report_extra():
        import altair as alt

    lines = []
    for start in range(0, len(figure.classes), across or len(figure.classes)):
        part = slice(start, start + (across or len(figure.classes)))
        names = figure.classes[part]
        lines.append(name_line([[name] for name in names]))
        for row in figure.rows:
            uris = [data_uri(image, figure.shape) for image in row.images[part]]
            lines.append(picture_line(row.row, uris, names, figure.shape))
    chart = alt.vconcat(*lines, spacing=10)
    seeds = sorted({row.seed for row in figure.rows if row.seed is not None})
    subtitle = f"seed {seeds[0]}" if len(seeds) == 1 else ""
    return titled(chart, figure.title or figure.recipe, subtitle)


def draw_mistakes(figure: PredictionsFigure) -> alt.VConcatChart:
    """The surest mistakes of every setting: what each image is, what it was taken for, and how surely.

    Raises:
        MissingExtraError: altair or Pillow is not installed.
    """
    with report_extra():
        import altair as alt

    lines, classes = [], figure.classes
    for row in figure.rows:
        uris = [data_uri(pixels(mistake), figure.shape) for mistake in row.mistakes]
        said = [
            [classes[mistake.truth], f"as {classes[mistake.predicted]}", confidence(row, mistake)]
            for mistake in row.mistakes
        ]
        lines += [
            picture_line(row.row, uris, [", ".join(words) for words in said], figure.shape),
            name_line(said),
        ]
    chart = alt.vconcat(*lines, spacing=4)
    return titled(
        chart, figure.title or figure.recipe, "the mistakes on the test split that the nets are surest of"
    )


def name_line(names: Sequence[Sequence[str]]) -> alt.Chart:
    """Texts of some lines each, centred over their columns."""
    import altair as alt

    height = 4 + 13 * max(map(len, names), default=1)
    points = [{"x": centre(k), "name": [one_line(line) for line in lines]} for k, lines in enumerate(names)]
    chart = alt.Chart(alt.InlineData(values=points), width=width(len(names)), height=height)
    chart = chart.mark_text(fontSize=11, lineHeight=13, color=INK, limit=SIDE + GAP, baseline="top", y=2)
    named: alt.Chart = chart.encode(x=position(len(names)), text="name:N")
    return named


def picture_line(
    title: str, uris: Sequence[str], names: Sequence[str], shape: tuple[int, int, int]
) -> alt.Chart:
    """Pictures side by side under a title."""
    import altair as alt

    points = [
        {"x": centre(k), "url": uri, "name": one_line(name)}
        for k, (name, uri) in enumerate(zip(names, uris, strict=True))
    ]
    _, rows, columns = shape
    unit = SIDE / max(rows, columns)
    high, wide = unit * rows, unit * columns
    heading = alt.TitleParams(title_lines(title, 80), anchor="start", fontSize=13, fontWeight=600, offset=4)
    chart = alt.Chart(alt.InlineData(values=points), width=width(len(points)), height=high, title=heading)
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


def data_uri(image: Sequence[int], shape: tuple[int, int, int], side: int = SIDE) -> str:
    """The D values in 0..255, planes of ``shape`` (channels, height, width), as a PNG in a data URI.

    One channel is grey, three are RGB. Pixels are repeated until the longer side has at least ``side``.

    Raises:
        MissingExtraError: Pillow is not installed.
    """
    with report_extra():
        from PIL import Image

    planes = np.array(image, np.uint8).reshape(shape)
    pixels = planes[0] if shape[0] == 1 else planes.transpose(1, 2, 0)
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    factor = -(-side // max(picture.size))
    picture = picture.resize((picture.width * factor, picture.height * factor), Image.Resampling.NEAREST)
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
