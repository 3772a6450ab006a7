"""Spaces and trials in optuna's terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chainrule.records.searches import Metric, Trial
from chainrule.searches.dimensions import Choices, Dimension, key
from chainrule.searches.extra import require_optuna
from chainrule.searches.space import Space, Values


def distributions(space: Space) -> dict[str, Any]:
    """An optuna distribution for each path; a list's values stand there as JSON, as optuna takes no lists or tables."""
    return {path: _distribution(dimension) for path, dimension in space.dimensions.items()}


def _distribution(dimension: Dimension) -> Any:
    kinds = require_optuna().distributions
    if isinstance(dimension, Choices):
        return kinds.CategoricalDistribution([key(value) for value in dimension.values])
    if dimension.integer:
        return kinds.IntDistribution(int(dimension.low), int(dimension.high), log=dimension.log)
    return kinds.FloatDistribution(dimension.low, dimension.high, log=dimension.log)


def direction(metric: Metric) -> str:
    """Which way is better."""
    return "maximize" if metric == "val_accuracy" else "minimize"


def params_of(space: Space, values: Values) -> dict[str, Any]:
    """A combination as optuna holds it."""
    return {
        path: key(values[path]) if isinstance(dimension, Choices) else values[path]
        for path, dimension in space.dimensions.items()
    }


def values_of(space: Space, params: Mapping[str, Any]) -> Values:
    """The combination that optuna's parameters stand for."""
    return {
        path: next(value for value in dimension.values if key(value) == params[path])
        if isinstance(dimension, Choices)
        else params[path]
        for path, dimension in space.dimensions.items()
    }


def frozen(space: Space, trial: Trial) -> Any:
    """A told trial as optuna's; one without a mean counts among the worst, as a pruned one."""
    optuna = require_optuna()
    states = optuna.trial.TrialState
    known = trial.state == "complete" and trial.mean is not None
    return optuna.trial.create_trial(
        params=params_of(space, trial.values),
        distributions=distributions(space),
        state=states.COMPLETE if known else states.PRUNED,
        value=trial.mean if known else None,
    )
