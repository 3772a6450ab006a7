"""Trials: their scores, their order, and which of them is chosen."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainrule.records.base import Number
from chainrule.records.searches import Choose, Metric, Rung, Trial
from chainrule.text import number_of


def begun(number: int, values: dict[str, Any]) -> Trial:
    """A new trial of these values, of which nothing is known."""
    return Trial(number=number, values=values, scores=[], mean=None, error=None, rungs=[], state="running")


def scored(
    trial: Trial, scores: Sequence[Number], metric: Metric, images: int, *, epochs: int, last: bool
) -> Trial:
    """The trial after so many epochs; complete where these were its ``last``."""
    mean, error = score(scores, metric, images)
    rungs = [*trial.rungs, Rung(epochs=epochs, mean=mean, error=error)]
    known = {"scores": list(scores), "mean": mean, "error": error, "rungs": rungs}
    return trial.model_copy(update={**known, "state": "complete" if last else "running"})


def score(values: Sequence[Number], metric: Metric, images: int) -> tuple[Number, Number]:
    """Mean and its standard error over a trial's inits.

    A diverged init counts as accuracy 0; a loss it has none, and so has its trial. The standard error is the inits'
    deviation / sqrt(inits); that of a single init's accuracy, from the images, as binomial; of its loss there is none.

    Args:
        values: one an init; None where it diverged.
        metric: what they are.
        images: they were measured on; on none nothing is known.

    >>> mean, error = score([0.5, 0.7], "val_accuracy", images=100)
    >>> round(mean, 6), round(error, 6)  # 0.1414 / sqrt(2)
    (0.6, 0.1)
    >>> score([0.5, None], "val_accuracy", images=100)[0], score([0.5, None], "val_loss", images=100)
    (0.25, (None, None))
    >>> score([0.5], "val_accuracy", images=100)  # sqrt(0.5 * 0.5 / 100)
    (0.5, 0.05)
    """
    known = [0.0 if value is None and metric == "val_accuracy" else value for value in values]
    finite = [value for value in known if value is not None]
    if len(finite) < len(known) or not images:
        return None, None
    mean = float(np.mean(finite))
    if len(finite) > 1:
        return mean, float(np.std(finite, ddof=1)) / math.sqrt(len(finite))
    return mean, math.sqrt(mean * (1 - mean) / images) if metric == "val_accuracy" else None


def merit(trial: Trial, metric: Metric) -> float:
    """What is highest for the best trial: accuracy, or the loss with its sign turned; lowest without a mean."""
    if trial.mean is None:
        return -math.inf
    return trial.mean if metric == "val_accuracy" else -trial.mean


def ranked(trials: Sequence[Trial], metric: Metric) -> list[Trial]:
    """The best first, equals in their own order."""
    return sorted(trials, key=lambda trial: -merit(trial, metric))


def best(trials: Sequence[Trial], metric: Metric = "val_accuracy") -> Trial:
    """The best trial, the first of equals."""
    return max(trials, key=lambda trial: merit(trial, metric))


def worst(trials: Sequence[Trial], metric: Metric = "val_accuracy") -> Trial:
    """The worst trial, the first of equals."""
    return min(trials, key=lambda trial: merit(trial, metric))


def within_one_error(trials: Sequence[Trial], metric: Metric) -> list[Trial]:
    """The trials that score within one standard error of the best, the best's own."""
    top = best(trials, metric)
    least = merit(top, metric) - (top.error or 0.0)
    return [trial for trial in trials if merit(trial, metric) >= least]


def diverged(trial: Trial) -> bool:
    """Whether none of its inits has a score, or none a mean."""
    return trial.mean is None or all(score is None for score in trial.scores)


def chosen(
    trials: Sequence[Trial], metric: Metric, rule: Choose, simplicity: Callable[[Trial], Any]
) -> Trial | None:
    """The winner among trials that are complete and not :func:`diverged`; None where there is none.

    Args:
        trials: all of them.
        metric: their scores.
        rule: ``mean``: the best mean; ``one_standard_error``: the simplest :func:`within_one_error`, the better mean of
            equally simple ones.
        simplicity: smaller for simpler trials.

    >>> told = [
    ...     scored(begun(number, {"l2": l2}), scores, "val_accuracy", 100, epochs=5, last=True)
    ...     for number, (l2, scores) in enumerate([(0.0, [0.5, 0.7]), (0.1, [0.54, 0.56]), (1.0, [0.2, 0.3])])
    ... ]
    >>> simpler = lambda trial: -trial.values["l2"]
    >>> [chosen(told, "val_accuracy", rule, simpler).number for rule in ("mean", "one_standard_error")]
    [0, 1]
    """
    complete = [trial for trial in trials if trial.state == "complete" and not diverged(trial)]
    if not complete:
        return None
    if rule == "mean":
        return best(complete, metric)
    return min(ranked(within_one_error(complete, metric), metric), key=simplicity)


def reason(trials: Sequence[Trial], winner: Trial, metric: Metric, rule: Choose) -> str:
    """Why a winner of :func:`chosen` won, in words."""
    complete = [trial for trial in trials if trial.state == "complete" and not diverged(trial)]
    if rule == "mean":
        return f"the best mean {metric} of {number_of(len(complete), 'complete trial')}"
    if len(complete) == 1:
        return "the only complete trial"
    near, top = within_one_error(complete, metric), best(complete, metric)
    where = f"within one standard error of the best, trial {top.number}"
    if len(near) == 1:
        return f"no other of {len(complete)} complete trials is {where}"
    return (
        f"the simplest (largest l2, then fewest weights) of {len(near)} trials {where}, of {len(complete)} complete "
        "ones"
    )
