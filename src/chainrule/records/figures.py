"""What figures show, as plain versioned data that is kept with a run: figures are drawn from it alone."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field, model_validator

from chainrule.records.base import FileRecord, Number, Record
from chainrule.records.runs import CURVES, History
from chainrule.records.searches import Metric


class Band(Record):
    """A curve's mean over seeds, with the smallest and largest; null where a seed has no value.

    ``epoch`` is what it is drawn over, where that is not the same for all curves of a row.
    """

    epoch: list[int] | list[float] | None = None
    mean: list[Number]
    low: list[Number]
    high: list[Number]

    @classmethod
    def over(cls, runs: Sequence[Sequence[Number]]) -> Band:
        """The band of curves of one length, one a seed."""
        values = np.array(runs, dtype=np.float64)
        return cls(
            mean=_numbers(values.mean(axis=0)),
            low=_numbers(values.min(axis=0)),
            high=_numbers(values.max(axis=0)),
        )


def _numbers(values: NDArray[np.float64]) -> list[Number]:
    return [float(value) if np.isfinite(value) else None for value in values]


class RowCurves(Record):
    """One setting's curves: ``curves[name]`` for each name of :data:`chainrule.records.runs.CURVES`, an entry an epoch.

    Curves that another program wrote may be fewer, be of the test split, and count parts of epochs.
    """

    row: str
    seeds: int
    epoch: list[int] | list[float]
    learning_rate: list[Number]
    curves: dict[str, Band]

    @classmethod
    def over(cls, row: str, histories: Sequence[History]) -> RowCurves:
        """A setting's curves over its seeds' histories."""
        first = histories[0]
        return cls(
            row=row,
            seeds=len(histories),
            epoch=first.epoch,
            learning_rate=list[Number](first.learning_rate),
            curves={name: Band.over([history.curve(name) for history in histories]) for name in CURVES},
        )

    @model_validator(mode="after")
    def _lengths(self) -> Self:
        for name, band in self.curves.items():
            count = len(self.epoch if band.epoch is None else band.epoch)
            if not len(band.mean) == len(band.low) == len(band.high) == count:
                raise ValueError(f"{name} of '{self.row}' needs {count} values")
        return self


class CurvesFigure(FileRecord):
    """Figure data: the curves of every setting of one recipe; ``x`` is what their ``epoch`` counts."""

    kind: ClassVar = "curves"

    recipe: str
    title: str
    x: str = "epoch"
    rows: list[RowCurves]


class RowTemplates(Record):
    """The first layer's rows as pictures: ``images[k]`` are the D values of class k, scaled to 0..255; ``seed`` is null
    of nets that another program trained."""

    row: str
    seed: int | None
    images: list[list[int]]

    @classmethod
    def over(cls, row: str, seed: int | None, templates: NDArray[np.float64]) -> RowTemplates:
        """The rows of W (K, D), each stretched to 0..255: its smallest weight black, its largest white."""
        low, high = templates.min(axis=1, keepdims=True), templates.max(axis=1, keepdims=True)
        span = np.where(high > low, high - low, 1.0)
        images: list[list[int]] = np.rint((templates - low) * (255 / span)).astype(int).tolist()
        return cls(row=row, seed=seed, images=images)


class TemplatesFigure(FileRecord):
    """Figure data: class templates of every setting of one recipe.

    Attributes:
        classes: K names.
        shape: (channels, height, width); D is their product, channel planes in order.
    """

    kind: ClassVar = "templates"

    recipe: str
    title: str
    classes: list[str]
    shape: tuple[int, int, int]
    rows: list[RowTemplates]

    @model_validator(mode="after")
    def _sizes(self) -> Self:
        size = math.prod(self.shape)
        for row in self.rows:
            if len(row.images) != len(self.classes) or any(len(image) != size for image in row.images):
                raise ValueError(f"'{row.row}' needs {len(self.classes)} images of {size} values")
            if not all(0 <= value <= 255 for image in row.images for value in image):
                raise ValueError(f"the images of '{row.row}' need values from 0 to 255")
        return self


class RowHistogram(Record):
    """How many values fall into each bin: ``counts[i]`` into [``edges[i]``, ``edges[i + 1]``]."""

    row: str
    seed: int | None
    edges: list[float]
    counts: Annotated[list[int], Field(min_length=1)]

    @classmethod
    def over(
        cls, row: str, seed: int | None, values: NDArray[np.float64], edges: NDArray[np.float64]
    ) -> RowHistogram:
        """The histogram of some values."""
        return cls(row=row, seed=seed, edges=edges.tolist(), counts=np.histogram(values, edges)[0].tolist())

    @model_validator(mode="after")
    def _edges_between(self) -> Self:
        if len(self.edges) != len(self.counts) + 1:
            raise ValueError(f"{len(self.counts)} counts of '{self.row}' need one edge more")
        return self


class HistogramsFigure(FileRecord):
    """Figure data: histograms of the entries of dJ/dW over the whole training split, after training; without seeds, of
    gradients that another program left behind."""

    kind: ClassVar = "gradients"

    recipe: str
    title: str
    rows: list[RowHistogram]


def _base64(text: str) -> str:
    base64.b64decode(text, validate=True)
    return text


class MisclassifiedImage(Record):
    """A test image that a net takes for another class.

    Attributes:
        image: its D values, a byte each, 255 for the largest a pixel can have, as base64.
        truth, predicted: the classes' numbers.
        confidence: see :class:`RowPredictions`.
    """

    image: Annotated[str, AfterValidator(_base64)]
    truth: int
    predicted: int
    confidence: float


class RowPredictions(Record):
    """What one net makes of the test split, or several together of the rows that were kept aside.

    Attributes:
        seed: of the net; None of several together.
        confidence: what it is sure by: the softmax probability of its answer, or with the hinge loss by how much its
            score exceeds the true class's.
        counts: (K, K), ``counts[i][j]`` images of class i that it takes for class j.
        mistakes: those it is most sure of, the surest first.
    """

    row: str
    seed: int | None
    confidence: Literal["probability", "margin"]
    counts: list[list[int]]
    mistakes: list[MisclassifiedImage]


class PredictionsFigure(FileRecord):
    """Figure data: what every setting's last weights make of the test split.

    Attributes:
        classes: K names.
        shape: (channels, height, width) of an image.
    """

    kind: ClassVar = "predictions"

    recipe: str
    title: str
    classes: list[str]
    shape: tuple[int, int, int]
    rows: list[RowPredictions]

    @model_validator(mode="after")
    def _sizes(self) -> Self:
        size, classes = math.prod(self.shape), len(self.classes)
        for row in self.rows:
            if len(row.counts) != classes or any(len(line) != classes for line in row.counts):
                raise ValueError(f"the counts of '{row.row}' need {classes} lines of {classes}")
            for mistake in row.mistakes:
                if not (0 <= mistake.truth < classes and 0 <= mistake.predicted < classes):
                    raise ValueError(f"a mistake of '{row.row}' is of no class; there are {classes}")
                if len(base64.b64decode(mistake.image)) != size:
                    raise ValueError(f"an image of '{row.row}' needs {size} bytes")
        return self


class ResidualsFigure(FileRecord):
    """Figure data: what nets say of rows kept aside beside what was measured.

    Attributes:
        target: what the numbers are.
        rows: how many there are; of many, ``truth`` and ``predicted`` hold some.
        quartiles: of predicted - truth, of all rows.
    """

    kind: ClassVar = "residuals"

    recipe: str
    title: str
    target: str
    rows: int
    quartiles: tuple[float, float, float]
    truth: list[float]
    predicted: list[float]

    @model_validator(mode="after")
    def _pairs(self) -> Self:
        if len(self.truth) != len(self.predicted) or not self.truth:
            raise ValueError(f"{len(self.truth)} numbers need as many predictions, and one at least")
        return self


class SearchPoint(Record):
    """One point of a search: the values searched, its mean score, and that mean's standard error.

    Attributes:
        error: null of a single net.
        complete: trained to the end, not left behind on the way.
        inits: nets of this point; null where all points have as many.
    """

    values: dict[str, Any]
    score: float
    error: Number
    complete: bool = True
    inits: int | None = None


class SearchScores(Record):
    """All points of a search, replicate by replicate.

    Attributes:
        setting: what all points set.
        inits: nets a point, the most that one has.
        published_best: the best setting that the report names; empty where it names none.
        metric: what points are scored by: ``val_accuracy``, more of which is better, or ``val_loss``.
        called: the name of another score, which is as good as the metric's where it is more or less.
        chosen: which point of the first replicate a rule chose, where one did.
    """

    name: str
    setting: dict[str, Any]
    inits: int
    published_best: dict[str, Any]
    replicates: list[list[SearchPoint]]
    metric: Metric = "val_accuracy"
    called: str = ""
    chosen: int | None = None


class SearchesFigure(FileRecord):
    """Figure data: every search of one recipe."""

    kind: ClassVar = "searches"

    recipe: str
    title: str
    searches: list[SearchScores]


Figure = (
    CurvesFigure | TemplatesFigure | HistogramsFigure | PredictionsFigure | ResidualsFigure | SearchesFigure
)
"""Data of a figure; ``kind`` names its file."""

FIGURES: tuple[type[Figure], ...] = (
    CurvesFigure, TemplatesFigure, HistogramsFigure, PredictionsFigure, ResidualsFigure, SearchesFigure,
)  # fmt: skip
