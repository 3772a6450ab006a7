"""Which images train, validate and test: by official batch, or by counts."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Images
from chainrule.chosen import part_of
from chainrule.components import LOSSES
from chainrule.data.datasets import TESTING, Dataset
from chainrule.errors import DataError, suggestion
from chainrule.settings.settings import Settings, Share

NAMES = ("train", "val", "test")


@dataclass(frozen=True)
class Split:
    """Images (N, D) and labels (N,) of one split.

    Attributes:
        weights: of the samples in float64, (1, N), or (P, N) where members weigh them otherwise; None where all count
            alike.
        shape: channels, height and width of an image; None where nobody asks.
    """

    images: Images
    labels: NDArray[np.integer[Any]]
    weights: NDArray[np.float64] | None = None
    shape: tuple[int, int, int] | None = None

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def weight(self) -> float | NDArray[np.float64]:
        """What all samples weigh together, for every member, or for all of them alike; 1 each, where they have none."""
        return len(self) if self.weights is None else self.weights.sum(axis=1)


def problems(settings: Settings, dataset: Dataset) -> list[str]:
    """Why nets for classes cannot be trained on ``dataset`` as ``settings`` ask, one line each; nothing where they can.

    >>> from chainrule.data.datasets import load
    >>> own = Settings.model_construct(train=5000, val=200, test="test_batch", batch_size=10)
    >>> problems(own, load("digits"))
    ['train = 5000: digits has 1500 training samples; choose fewer']
    """
    if not dataset.classes:
        return [f"{dataset.name}: holds numbers to be learned, not classes; train MLPRegressor on it"]
    return refusals(settings, dataset, NAMES)


def refusals(settings: Settings, dataset: Dataset, names: Sequence[str]) -> list[str]:
    """Why ``dataset`` cannot be split into ``names`` as ``settings`` ask, one line each; nothing where it can.

    >>> from chainrule.data.datasets import load
    >>> own = Settings.model_construct(train=50, val=2000, test="test_batch", batch_size=10)
    >>> refusals(own, load("digits"), ["train"])
    []
    """
    lines: list[str] = []
    if not dataset.classes and not LOSSES[settings.loss].numbers:
        lines.append(
            f"loss = {settings.loss!r}: is of classes, {dataset.name} has numbers; choose squared_error"
        )
    elif dataset.classes and LOSSES[settings.loss].numbers:
        lines.append(
            f"loss = {settings.loss!r}: is of numbers, {dataset.name} has classes; choose cross_entropy or hinge"
        )
    elif dataset.labels.ndim == 2 and not LOSSES[settings.loss].several:
        able = " or ".join(name for name, loss in LOSSES.items() if loss.several)
        lines.append(
            f"loss = {settings.loss!r}: rows of {dataset.name} may have several labels; choose {able}"
        )
    if settings.augment and dataset.shape[:2] == (1, 1):
        lines.append(f"augment: {dataset.name} is a table, and only images are flipped and shifted; drop it")
    rows: dict[str, list[range]] = {}
    for name in names:
        share = getattr(settings, name)
        try:
            rows[name] = _rows(name, share, dataset)
        except DataError as error:
            lines += error.problems
    for first, second in (("train", "val"), ("train", "test"), ("val", "test")):
        if first in rows and second in rows and _overlap(rows[first], rows[second]):
            shares = f"{first} = {getattr(settings, first)!r}, {second} = {getattr(settings, second)!r}"
            lines.append(f"{shares}: share samples of {dataset.name}; choose others")
    size = sum(map(len, rows.get("train", ())))
    if size and settings.batch_size > size:
        lines.append(
            f"batch_size = {settings.batch_size}: train holds {size} samples of {dataset.name}; choose fewer"
        )
    if settings.batch_norm and size % settings.batch_size == 1:
        lines.append(
            f"batch_size = {settings.batch_size}: the last minibatch of {size} samples holds 1, and batch norm needs "
            "2; choose another"
        )
    return lines


def count(name: str, settings: Settings, dataset: Dataset) -> int:
    """Images of the split ``name`` (``train``, ``val`` or ``test``).

    >>> from chainrule.data.datasets import load
    >>> count("val", Settings.model_construct(val=("data_batch_1", "data_batch_2")), load("digits"))
    600
    """
    return sum(map(len, _rows(name, getattr(settings, name), dataset)))


def split(dataset: Dataset, shares: Mapping[str, Share]) -> dict[str, Split]:
    """Splits by name; views of the data set where the images lie together.

    Raises:
        DataError: a share asks for images that there are not.

    A number takes the first training images to train on, and the last ones to validate on:

    >>> from chainrule.data.datasets import load
    >>> parts = split(load("digits"), {"train": 1000, "val": ("data_batch_5",), "test": "test_batch"})
    >>> {name: len(part) for name, part in parts.items()}
    {'train': 1000, 'val': 300, 'test': 297}
    """
    return {name: _take(dataset, _rows(name, share, dataset)) for name, share in shares.items()}


def _rows(name: str, share: Share, dataset: Dataset) -> list[range]:
    """The rows that ``share`` means, as ranges in rising order."""
    if isinstance(share, int):
        return [_counted(name, share, dataset)]
    names = (share,) if isinstance(share, str) else share
    if name != "test" and not TESTING.isdisjoint(names):
        raise DataError(f"{name} = {share!r}: test samples are for the test alone; choose training batches")
    unknown = [batch for batch in names if batch not in dataset.batches]
    if unknown:
        raise DataError(
            *(
                f"{name} = {b!r}: {dataset.name} has no such batch; {suggestion(b, dataset.batches)}"
                for b in unknown
            )
        )
    return sorted((dataset.batches[batch] for batch in names), key=lambda rows: rows.start)


def _counted(name: str, count: int, dataset: Dataset) -> range:
    """The first ``count`` images to train or test on, the last ones to validate on."""
    pool = dataset.test_rows if name == "test" else dataset.training_rows
    if count > len(pool):
        kind = "test" if name == "test" else "training"
        raise DataError(f"{name} = {count}: {dataset.name} has {len(pool)} {kind} samples; choose fewer")
    return pool[-count:] if name == "val" else pool[:count]


def _overlap(first: Sequence[range], second: Sequence[range]) -> bool:
    return any(a.start < b.stop and b.start < a.stop for a in first for b in second)


def _take(dataset: Dataset, rows: Sequence[range]) -> Split:
    adjacent = all(a.stop == b.start for a, b in itertools.pairwise(rows))
    if adjacent:
        whole = slice(rows[0].start, rows[-1].stop)
        return _part(dataset, part_of(dataset.images, whole), whole)
    index = np.concatenate([np.arange(part.start, part.stop) for part in rows])
    return _part(dataset, dataset.images[index], index)


def _part(dataset: Dataset, images: Images, rows: slice | NDArray[np.intp]) -> Split:
    weights = None if dataset.weights is None else dataset.weights[np.newaxis, rows]
    return Split(images, dataset.labels[rows], weights, dataset.shape)
