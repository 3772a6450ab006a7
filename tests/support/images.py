"""Folders of small images, one folder a class."""

from __future__ import annotations

from pathlib import Path

import numpy as np


def write_images(folder: Path, count: int = 8, size: tuple[int, int] = (6, 5), suffix: str = "png") -> Path:
    """So many images a class, (height, width): of ``dark`` ones and of ``light`` ones, in colour."""
    from PIL import Image

    draws = np.random.default_rng(0)
    for name, low in (("dark", 0), ("light", 128)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            pixels = draws.integers(low, low + 128, (*size, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.{suffix}")
    return folder
