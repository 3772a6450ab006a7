"""A table's searches as far as finished nets tell: what to train next, and how every point scored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from chainrule.data import splits
from chainrule.data.datasets import Dataset
from chainrule.experiments.experiment import Experiment
from chainrule.experiments.search import PlannedPoint, TableSearch, planned_points
from chainrule.records.base import Number
from chainrule.records.runs import Member
from chainrule.records.searches import Rung, Trial
from chainrule.searches.trials import score
from chainrule.work.nets import named


class SearchRun(NamedTuple):
    """One replicate of a search: its points, and their scores once all their nets are trained."""

    search: TableSearch
    points: list[PlannedPoint]
    scored: list[Trial] | None


def runs(
    experiment: Experiment, replicate: int, dataset: Dataset, members: Mapping[str, Member]
) -> dict[str, SearchRun]:
    """Every search of one replicate whose points can be told, by name, in the table's order.

    Args:
        experiment: the table.
        replicate: counted from 0.
        dataset: what nets are trained on.
        members: the finished nets by id.
    """
    told: dict[str, SearchRun] = {}
    for search in experiment.searches:
        earlier = told[search.earlier].scored if search.earlier in told else []
        if search.earlier is not None and not earlier:
            continue
        points = planned_points(search, experiment.settings, replicate, earlier or [])
        told[search.name] = SearchRun(search, points, _scored(search, points, replicate, dataset, members))
    return told


def _scored(
    search: TableSearch,
    points: list[PlannedPoint],
    replicate: int,
    dataset: Dataset,
    members: Mapping[str, Member],
) -> list[Trial] | None:
    ids = [[named(dataset, point.settings, seed).id for seed in search.seeds(replicate)] for point in points]
    if not all(name in members for names in ids for name in names):
        return None
    images = splits.count("val", points[0].settings, dataset)
    return [
        _trial(number, point, [members[name].final["val_accuracy"] for name in names], images)
        for number, (point, names) in enumerate(zip(points, ids, strict=True))
    ]


def _trial(number: int, point: PlannedPoint, scores: list[Number], images: int) -> Trial:
    mean, error = score(scores, "val_accuracy", images)
    rung = Rung(epochs=point.settings.epochs, mean=mean, error=error)
    return Trial(
        number=number,
        values=point.values,
        scores=scores,
        mean=mean,
        error=error,
        rungs=[rung],
        state="complete",
    )
