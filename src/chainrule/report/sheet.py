"""A sheet of sample images: raw, and after the mean training image was subtracted."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import needs
from chainrule.files import write_bytes

CELL, GAP, LINE, MARGIN = 96, 6, 16, 64


def _pixels(image: NDArray[np.float64]) -> NDArray[np.uint8]:
    """An image (C, H, W) clipped to [0, 1], as bytes (CELL, CELL, 3) without smoothing."""
    planes = np.broadcast_to(image, (3, *image.shape[1:])).transpose(1, 2, 0)
    rows = np.arange(CELL) * planes.shape[0] // CELL
    columns = np.arange(CELL) * planes.shape[1] // CELL
    enlarged = planes[rows][:, columns].clip(0.0, 1.0)
    pixels: NDArray[np.uint8] = np.rint(enlarged * 255.0).astype(np.uint8)
    return pixels


def write_sheet(
    path: Path, samples: NDArray[np.float64], mean: NDArray[np.float64], names: Sequence[str]
) -> None:
    """Draw a row of samples as they are and a row of the same, centered, as a PNG.

    Values are clipped to [0, 1] for display: centered values below 0 are black.

    Args:
        path: the PNG file.
        samples: (K, C, H, W) in [0, 1], C is 1 or 3.
        mean: (C, H, W), the mean training image.
        names: K names, drawn above the columns.

    Raises:
        MissingExtraError: Pillow is not installed.
        StoreError: the file cannot be written.
    """
    with needs("the sheet of samples", "report"):
        from PIL import Image, ImageDraw
    width, height = MARGIN + len(samples) * (CELL + GAP), LINE + 2 * (CELL + GAP)
    sheet = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(sheet)
    for row, (title, images) in enumerate((("raw", samples), ("centered", samples - mean))):
        top = LINE + row * (CELL + GAP)
        draw.text((GAP, top + CELL // 2), title, "black", anchor="lm")
        for column, image in enumerate(images):
            sheet.paste(Image.fromarray(_pixels(image)), (MARGIN + column * (CELL + GAP), top))
    for column, name in enumerate(names):
        draw.text((MARGIN + column * (CELL + GAP) + CELL // 2, LINE // 2), name, "black", anchor="mm")
    encoded = io.BytesIO()
    sheet.save(encoded, "PNG")
    write_bytes(path, encoded.getvalue())
