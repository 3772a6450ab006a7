"""Stopping early: each member by itself, when what is watched has been no better for some epochs.

A member that stopped is left alone: nothing of it is taken down any more, and in the end it gets back the weights of
its best epoch. So does one that did not stop, and one that diverged after it. An epoch that cannot be measured is no
better than any other; until one can be, the latest counts as the best, and nobody stops.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from chainrule.records.runs import CURVES
from chainrule.settings.settings import StoppingRule

Mask = NDArray[np.bool_]

MemberScore = Callable[[str, int], float]
"""What a member, by its number, comes to by one of scikit-learn's scorers; more is better, NaN is unknown."""


class StoppingNotice(UserWarning):
    """Something to know of members that were watched all the same."""


def merit(metric: str, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values of a curve turned so that more is better: losses and costs change their sign."""
    return values if metric.endswith("accuracy") else -values


def split_of(metric: str) -> str:
    """What it is measured on, as scorers are on what there is to validate on.

    >>> split_of("train_loss"), split_of("roc_auc")
    ('train', 'val')
    """
    return metric.partition("_")[0] if metric in CURVES else "val"


def unmeasured(metric: str, epoch: int) -> StoppingNotice:
    """What to say the first time that a metric says nothing of what sound members predict.

    >>> str(unmeasured("f1", 3)).partition(";")[0]
    "metric = 'f1': cannot measure what is predicted after epoch 3"
    """
    return StoppingNotice(
        f"metric = {metric!r}: cannot measure what is predicted after epoch {epoch}; such an epoch is never the best, "
        "and where there is no other the last weights predict; watch val_loss to have all measured"
    )


class Bests:
    """The best that each of P members was so far, and when.

    Attributes:
        value: more is better, (P,) in float64; -inf at first.
        epoch: its epoch, (P,).
    """

    def __init__(self, members: int, epoch: int = 0) -> None:
        """Nobody was any good before ``epoch``."""
        self.value = np.full(members, -np.inf)
        self.epoch = np.full(members, epoch, np.int64)

    def better(self, values: NDArray[np.float64], epoch: int, unmeasured: Mask) -> Mask:
        """Take down values after ``epoch``, (P,), and give who was never as good.

        Who has NaN is not, unless it is one of the ``unmeasured``, (P,), of whom there was never a value.

        >>> bests, rows, first = Bests(3), [[1, 2, np.nan], [np.nan, 3, np.nan]], np.array([True, False, True])
        >>> [bests.better(np.array(values), epoch, first).tolist() for epoch, values in enumerate(rows)]
        [[True, True, True], [False, True, True]]
        >>> bests.value.tolist(), bests.epoch.tolist()
        ([1.0, 3.0, -inf], [0, 1, 1])
        """
        better = values > self.value
        self.value[better] = values[better]
        better |= unmeasured & np.isneginf(self.value)
        self.epoch[better] = epoch
        return better


class Stopping:
    """What P members watch, and who stopped.

    Attributes:
        watching: who may stop at all, (P,).
        best, epoch: the best value so far and its epoch, as of :class:`Bests`.
        stopped: who did, (P,).
    """

    def __init__(self, rules: Sequence[StoppingRule | None], score: MemberScore) -> None:
        """``rules`` has one for each member; None: it goes on to the end. What is no curve is asked of ``score``."""
        self._rules, self._score, self._bests, self._is_told = rules, score, Bests(len(rules)), False
        self.watching = np.array([rule is not None for rule in rules])
        self.best, self.epoch = self._bests.value, self._bests.epoch
        self.stopped = np.zeros(len(rules), bool)

    @property
    def splits(self) -> set[str]:
        """Those that what is watched is measured on."""
        return {split_of(rule.metric) for rule in self._rules if rule}

    def better(self, entry: Mapping[str, NDArray[np.float64]], epoch: int, frozen: Mask) -> Mask:
        """Take down the values after ``epoch``, (P,) of every metric, and give who was never as good, (P,).

        >>> two = Stopping([StoppingRule(patience=2), None], score=lambda metric, member: 0.0)
        >>> for epoch, loss in enumerate([3.0, 2.0, 2.5, 2.0]):
        ...     better = two.better({"val_loss": np.full(2, loss)}, epoch, np.zeros(2, bool))
        >>> two.epoch.tolist(), two.stopped.tolist()
        ([1, 0], [True, False])
        """
        going_on = self.watching & ~self.stopped & ~frozen
        values = np.full(len(self._rules), np.nan)
        for member, rule in enumerate(self._rules):
            if rule is not None and going_on[member]:
                values[member] = self._merit(rule.metric, member, entry)
                if np.isnan(values[member]) and not self._is_told:
                    self._is_told = True
                    warnings.warn(unmeasured(rule.metric, epoch), stacklevel=2)
        better = self._bests.better(values, epoch, going_on & np.isnan(values))
        patience = np.array([rule.patience if rule else 0 for rule in self._rules])
        self.stopped |= going_on & (epoch - self.epoch >= patience)
        return better

    def _merit(self, metric: str, member: int, entry: Mapping[str, NDArray[np.float64]]) -> float:
        if metric not in CURVES:
            return self._score(metric, member)
        return float(merit(metric, entry[metric])[member])
