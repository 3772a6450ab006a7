"""A callback that stops members one at a time when they get no better, and keeps what each was at its best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import SettingsError
from chainrule.estimators.living import Population
from chainrule.train.stopping import Bests, merit


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
                are smaller; or one of scikit-learn's scorers, on the rows to validate on.
            patience: epochs without a better one.

        Raises:
            SettingsError: there is no epoch to wait for.
        """
        if patience < 1:
            raise SettingsError(f"patience = {patience}: is no number of epochs; give 1 or more")
        self.metric, self.patience = metric, patience
        self._bests = Bests(0)

    def __call__(self, population: Population) -> None:
        """See :data:`chainrule.estimators.living.Callback`."""
        values = self._merit(population)
        known, self._bests = self._bests, Bests(len(values), population.epochs)
        self._bests.value[: len(known.value)], self._bests.epoch[: len(known.epoch)] = (
            known.value,
            known.epoch,
        )
        population.keep(*np.flatnonzero(self._bests.better(values, population.epochs)))
        waiting = population.epochs - self._bests.epoch
        population.stop(*(m for m in population.active if waiting[m] >= self.patience))

    def _merit(self, population: Population) -> NDArray[np.float64]:
        """What is to be large, (M,)."""
        if self.metric not in population.metrics:
            return population.evaluate("val", [self.metric], now=True)[self.metric]
        return merit(self.metric, population.metrics[self.metric])
