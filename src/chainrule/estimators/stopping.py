"""A callback that stops members one at a time when they get no better, and keeps what each was at its best."""

from __future__ import annotations

import warnings
from numbers import Integral
from weakref import WeakKeyDictionary, WeakSet

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import SettingsError, suggestion
from chainrule.estimators.living import Population
from chainrule.nets.scores import known_metrics
from chainrule.records.runs import CURVES
from chainrule.train.stopping import Bests, merit, unmeasured


class EarlyStopping:
    """Keeps every member's best weights, and stops it after so many epochs without better ones.

    >>> from chainrule.data.tables import from_arrays
    >>> X = np.random.default_rng(0).normal(size=(60, 5))
    >>> data = from_arrays(X, np.random.default_rng(1).integers(0, 2, 60), val=0.5)  # there is nothing to learn
    >>> settings = {"train": "train", "val": "val", "test": "test", "preprocess": "standardize", "hidden": [20]}
    >>> settings |= {"init": "he", "batch_size": 10, "epochs": 99, "shuffle": True, "learning_rate": 0.3}
    >>> population = Population(settings, [0, 1], data, order="shared")
    >>> stopping = EarlyStopping("val_loss", patience=3)
    >>> while population.active:
    ...     _ = population.epoch([stopping])
    >>> population.epochs < 99, len(population.members)
    (True, 2)
    """

    def __init__(self, metric: str = "val_loss", patience: int = 10) -> None:
        """Watch a metric.

        Args:
            metric: one that :attr:`chainrule.Population.metrics` has, of which losses and costs are better where they
                are smaller; or one of scikit-learn's scorers, on the rows to validate on. An epoch that it cannot
                measure is never the best; until it can measure one nobody stops.
            patience: epochs without a better one.

        Raises:
            SettingsError: there is no epoch to wait for.
        """
        if isinstance(patience, bool) or not isinstance(patience, Integral) or patience < 1:
            raise SettingsError(
                f"patience = {patience!r}: is no number of epochs; give a whole one, 1 or more"
            )
        self.metric: str = metric
        self.patience: int = int(patience)
        self._bests: WeakKeyDictionary[Population, Bests] = WeakKeyDictionary()
        self._told: WeakSet[Population] = WeakSet()

    def __reduce__(self) -> tuple[type[EarlyStopping], tuple[str, int]]:
        """A copy has seen no population."""
        return EarlyStopping, (self.metric, self.patience)

    def __call__(self, population: Population) -> None:
        """See :data:`chainrule.estimators.living.Callback`.

        Raises:
            SettingsError: the metric is unknown, or of rows to validate on, and there are none or not such as it needs.
        """
        values = self._merit(population)
        known, bests = self._bests.get(population, Bests(0)), Bests(len(values), population.epochs)
        bests.value[: len(known.value)], bests.epoch[: len(known.epoch)] = known.value, known.epoch
        self._bests[population] = bests
        # Of a curve NaN is who diverged; so it is of all curves.
        curve = next(iter(population.metrics.values()))
        unknown = np.isnan(values) & ~np.isnan(curve)
        if unknown.any() and population not in self._told:
            self._told.add(population)
            warnings.warn(unmeasured(self.metric, population.epochs), stacklevel=2)
        population.keep(*np.flatnonzero(bests.better(values, population.epochs, unknown)))
        waiting = population.epochs - bests.epoch
        population.stop(*(m for m in population.active if waiting[m] >= self.patience))

    def _merit(self, population: Population) -> NDArray[np.float64]:
        """What is to be large, (M,)."""
        if self.metric in population.metrics:
            return merit(self.metric, population.metrics[self.metric])
        known = [*CURVES, *known_metrics()]
        if self.metric not in known:
            raise SettingsError(f"metric = {self.metric!r}: is unknown; {suggestion(self.metric, known)}")
        if "val_loss" not in population.metrics:
            raise SettingsError(
                f"metric = {self.metric!r}: there is nothing to validate on; set rows aside, or watch train_loss"
            )
        if self.metric in CURVES:
            raise SettingsError(f"metric = {self.metric!r}: is of classes, these are numbers; watch val_loss")
        return population.evaluate("val", [self.metric], now=True)[self.metric]
