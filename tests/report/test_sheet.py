"""The sheet of samples shows raw values, and centered ones with black below zero."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from chainrule.report.sheet import CELL, GAP, LINE, MARGIN, write_sheet


def test_values_of_both_rows(tmp_path: Path) -> None:
    samples = np.stack([np.full((3, 4, 4), 0.2), np.full((3, 4, 4), 0.8)])
    write_sheet(tmp_path / "sheet.png", samples, np.full((3, 4, 4), 0.4), ["dark", "light"])
    with Image.open(tmp_path / "sheet.png") as image:
        pixels = np.asarray(image)
    middles = [MARGIN + column * (CELL + GAP) + CELL // 2 for column in range(2)]
    raw, centered = (pixels[LINE + row * (CELL + GAP) + CELL // 2, middles, 0].tolist() for row in range(2))
    assert raw == [51, 204]
    assert centered == [0, 102]


def test_one_channel(tmp_path: Path) -> None:
    write_sheet(tmp_path / "sheet.png", np.ones((1, 1, 8, 8)), np.zeros((1, 8, 8)), ["one"])
    with Image.open(tmp_path / "sheet.png") as image:
        assert image.getpixel((MARGIN + 5, LINE + 5)) == (255, 255, 255)
