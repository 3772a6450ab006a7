"""What a search will train, as far as it can be told before: batch by batch, in populations."""

from __future__ import annotations

from typing import NamedTuple

from chainrule.data.datasets import Dataset
from chainrule.searches.dimensions import key
from chainrule.searches.search import Search
from chainrule.searches.space import Values
from chainrule.searches.strategies.base import Stage
from chainrule.work import planner
from chainrule.work.executors import Executor, fitting
from chainrule.work.planner import TrainedTogether


class PlannedStage(NamedTuple):
    """A batch of trials, and the populations that train it, the most work first."""

    stage: Stage
    populations: list[TrainedTogether]


def planned(search: Search, dataset: Dataset, seed: int, workers: int) -> list[PlannedStage]:
    """All batches of a search, the winner alone at last; where trials are not known yet, others of the space stand for
    them.

    Args:
        search, seed: what.
        dataset: whole.
        workers: how many populations train side by side.
    """
    made = []
    for stage in search.strategy.stages(search.dimensions, search.epochs):
        nets = [net for values in _sample(search, stage, seed) for net in search.nets(values, dataset, seed)]
        made.append(PlannedStage(stage, planner.plan(dataset, nets, workers, stage.end)))
    winner = Stage(1, 0, search.epochs)
    nets = search.winners(_sample(search, winner, seed)[0], dataset, seed)
    return [*made, PlannedStage(winner, planner.plan(dataset, nets, workers))]


def executor_of(search: Search, dataset: Dataset, seed: int, executor: Executor) -> Executor:
    """What trains a search for which ``executor`` was asked: this process, where the search is small."""
    stages = planned(search, dataset, seed, 1)
    costs = (
        planner.cost(population, dataset, stage.end - stage.start)
        for stage, populations in stages
        for population in populations
    )
    return fitting(executor, sum(costs))


def _sample(search: Search, stage: Stage, seed: int) -> list[Values]:
    """The first batch's trials, or others where it has fewer: what is asked for later is not known yet."""
    first = search.strategy.ask(search.dimensions, [], seed, search.epochs)
    known = first.fresh[: stage.trials] if first else []
    left = stage.trials - len(known)
    return known + search.dimensions.draws(left, seed, "search estimate", [key(values) for values in known])
