"""Stopping early: each member by itself, when what is watched has been no better for some epochs.

A member that stopped is left alone: nothing of it is taken down any more, and in the end it gets back the weights of
its best epoch. So does one that did not stop, and one that diverged after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from chainrule.settings.settings import EarlyStopping

Mask = NDArray[np.bool_]


class Stopping:
    """What P members watch, and who stopped.

    Attributes:
        watching: who may stop at all, (P,).
        best: the best value so far, turned so that more is better, (P,) in float64; -inf at first.
        epoch: its epoch, (P,).
        stopped: who did, (P,).
    """

    def __init__(self, rules: Sequence[EarlyStopping | None]) -> None:
        """``rules`` has one for each member; None: it goes on to the end."""
        self._rules = rules
        self.watching = np.array([rule is not None for rule in rules])
        self.best = np.full(len(rules), -np.inf)
        self.epoch = np.zeros(len(rules), np.int64)
        self.stopped = np.zeros(len(rules), bool)

    @property
    def splits(self) -> set[str]:
        """Those that what is watched is measured on."""
        return {rule.metric.partition("_")[0] for rule in self._rules if rule}

    def better(self, entry: Mapping[str, NDArray[np.float64]], epoch: int, frozen: Mask) -> Mask:
        """Take down the values after ``epoch``, (P,) of every metric, and give who was never as good, (P,).

        >>> two = Stopping([EarlyStopping(patience=2), None])
        >>> for epoch, loss in enumerate([3.0, 2.0, 2.5, 2.0]):
        ...     better = two.better({"val_loss": np.full(2, loss)}, epoch, np.zeros(2, bool))
        >>> two.epoch.tolist(), two.stopped.tolist()
        ([1, 0], [True, False])
        """
        better = np.zeros(len(self._rules), bool)
        for member, rule in enumerate(self._rules):
            if rule is None or self.stopped[member] or frozen[member]:
                continue
            value = entry[rule.metric][member] * (1 if rule.metric.endswith("accuracy") else -1)
            if value > self.best[member]:
                better[member], self.best[member], self.epoch[member] = True, value, epoch
            self.stopped[member] = epoch - self.epoch[member] >= rule.patience
        return better
