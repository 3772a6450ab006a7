"""Records as runs leave them, small."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from chainrule.records.base import Number
from chainrule.records.figures import Band, CurvesFigure, RowCurves, RowTemplates, TemplatesFigure
from chainrule.records.runs import CURVES

CurvesOf = Callable[..., CurvesFigure]
TemplatesOf = Callable[..., TemplatesFigure]


@pytest.fixture
def curves_of() -> CurvesOf:
    """A figure with the settings named; ``base[i]`` is added to loss and cost of setting i."""

    def make(
        names: Sequence[str], *, seeds: int = 3, epochs: int = 5, base: dict[int, list[Number]] | None = None
    ) -> CurvesFigure:
        rows = []
        for i, name in enumerate(names):
            curves = {}
            for curve in CURVES:
                mean: list[Number] = [1 / (epoch + 2) for epoch in range(epochs)]
                if base and i in base and not curve.endswith("accuracy"):
                    mean = base[i]
                spread = 0.0 if seeds == 1 else 0.01
                low = [None if value is None else value - spread for value in mean]
                high = [None if value is None else value + spread for value in mean]
                curves[curve] = Band(mean=mean, low=low, high=high)
            epoch = list(range(epochs))
            rows.append(
                RowCurves(row=name, seeds=seeds, epoch=epoch, learning_rate=[0.1] * epochs, curves=curves)
            )
        return CurvesFigure(recipe="linear", title="Linear", rows=rows)

    return make


@pytest.fixture
def templates_of() -> TemplatesOf:
    """A figure of random pictures with the settings and classes named."""

    def make(
        names: Sequence[str], classes: Sequence[str] = ("cat", "dog"), shape: tuple[int, int, int] = (3, 4, 4)
    ) -> TemplatesFigure:
        pixels = np.random.default_rng(0).integers(0, 256, (len(names), len(classes), int(np.prod(shape))))
        rows = [
            RowTemplates(row=name, seed=0, images=images)
            for name, images in zip(names, pixels.tolist(), strict=True)
        ]
        return TemplatesFigure(
            recipe="linear", title="Templates", classes=list(classes), shape=shape, rows=rows
        )

    return make
