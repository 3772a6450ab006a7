"""A data set as nets of some settings see it: cut into splits, with the transform fitted on the training split."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from chainrule.data.datasets import Dataset
from chainrule.data.splits import Split, problems, split
from chainrule.data.transforms.transform import Transform, fit
from chainrule.errors import DataError
from chainrule.settings.settings import Settings, Share


@dataclass(frozen=True)
class Prepared:
    """Splits by name (``train``, ``val``, ``test``), and the transform of their images."""

    splits: Mapping[str, Split]
    transform: Transform

    @functools.cached_property
    def means(self) -> dict[str, float]:
        """Mean of all inputs of each split that has some, after the transform."""
        return {name: self.transform.mean(part.images) for name, part in self.splits.items() if len(part)}


def prepare(settings: Settings, dataset: Dataset) -> Prepared:
    """Split a data set and fit the transform, as ``settings`` ask.

    The last two are kept: a pass over all images takes as long as a small net's epoch, and nets that are trained one
    after another mostly see the same.

    Raises:
        DataError: with everything that :func:`chainrule.data.splits.problems` finds.

    Inputs are centred by the mean of the training images:

    >>> from chainrule.data.datasets import load
    >>> own = Settings(
    ...     train=1000, val=200, test="test_batch", preprocess="center", init="he",
    ...     batch_size=10, epochs=5, shuffle=True, learning_rate=0.1,
    ... )
    >>> seen = prepare(own, load("digits"))
    >>> round(abs(seen.means["train"]), 6), len(seen.splits["val"])
    (0.0, 200)
    """
    refusals = problems(settings, dataset)
    if refusals:
        raise DataError(*refusals)
    return _prepare(dataset, settings.train, settings.val, settings.test, settings.preprocess)


@functools.lru_cache(maxsize=2)
def _prepare(dataset: Dataset, train: Share, val: Share, test: Share, preprocess: str) -> Prepared:
    splits = split(dataset, {"train": train, "val": val, "test": test})
    return Prepared(splits, fitted(preprocess, splits["train"], dataset.max_value))


def fitted(preprocess: str, train: Split, max_value: float) -> Transform:
    """The transform of a training split; members share it, and so the mean of their weights."""
    weights = None if train.weights is None else train.weights.mean(axis=0)
    return fit(preprocess, train.images, max_value, weights)
