"""What the figures of a table show, as data: curves over seeds, and rows of W as pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.data.datasets import Dataset
from chainrule.experiments.experiment import Experiment
from chainrule.records import (
    CURVES,
    Band,
    CurvesFigure,
    History,
    Member,
    Number,
    RowCurves,
    RowTemplates,
    TemplatesFigure,
)

Rows = Mapping[str, Sequence[Member]]


def curves(recipe: str, experiment: Experiment, rows: Rows) -> CurvesFigure:
    """Every row's curves: mean over seeds with the smallest and largest."""
    return CurvesFigure(
        recipe=recipe,
        title=experiment.title,
        rows=[_row_curves(row, [member.history for member in members]) for row, members in rows.items()],
    )


def templates(
    recipe: str, experiment: Experiment, dataset: Dataset, weights: Mapping[str, tuple[int, NDArray[Any]]]
) -> TemplatesFigure:
    """Rows of W as class templates.

    Args:
        recipe, experiment: the table.
        dataset: gives class names and the pictures' shape.
        weights: by row of the table, a seed and its last W (K, D).
    """
    return TemplatesFigure(
        recipe=recipe,
        title=experiment.title,
        classes=list(dataset.classes),
        shape=dataset.shape,
        rows=[
            RowTemplates(row=row, seed=seed, images=[_picture(template) for template in W])
            for row, (seed, W) in weights.items()
        ],
    )


def _row_curves(row: str, histories: Sequence[History]) -> RowCurves:
    first = histories[0]
    return RowCurves(
        row=row,
        seeds=len(histories),
        epoch=first.epoch,
        learning_rate=first.learning_rate,
        curves={name: _band([history.curve(name) for history in histories]) for name in CURVES},
    )


def _band(runs: Sequence[Sequence[Number]]) -> Band:
    values = np.array(runs, dtype=np.float64)
    return Band(
        mean=_numbers(values.mean(axis=0)),
        low=_numbers(values.min(axis=0)),
        high=_numbers(values.max(axis=0)),
    )


def _numbers(values: NDArray[np.float64]) -> list[Number]:
    return [float(value) if np.isfinite(value) else None for value in values]


def _picture(template: NDArray[Any]) -> list[int]:
    """A row of W stretched to 0..255: its smallest weight black, its largest white."""
    low, high = float(template.min()), float(template.max())
    span = high - low or 1.0
    return [int(value) for value in np.rint((template.astype(np.float64) - low) * (255 / span))]
