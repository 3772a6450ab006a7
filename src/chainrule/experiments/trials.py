"""What is to be trained to infer what tables leave unsaid: every row under every choice, every net by its name; made
once, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chainrule.data import splits
from chainrule.data.datasets import Dataset
from chainrule.errors import SettingsError
from chainrule.experiments import unknowns
from chainrule.experiments.experiment import Experiment
from chainrule.experiments.likelihood import FEWEST_VALUES
from chainrule.experiments.unknowns import Combination, UnknownGroup
from chainrule.experiments.verdicts import Published
from chainrule.records.plans import InferencePlan
from chainrule.settings.settings import Settings
from chainrule.work import planner
from chainrule.work.nets import NamedNet, named


class PlannedNumber(NamedTuple):
    """A published number of a row, and the images of the split that it was measured on."""

    metric: str
    published: Published
    images: int


@dataclass(frozen=True)
class PlannedRow:
    """A row under a choice: its published numbers, and its nets, one a seed."""

    name: str
    numbers: Sequence[PlannedNumber]
    nets: Sequence[NamedNet]


@dataclass(frozen=True)
class PlannedGroup:
    """Unknowns that are judged together: for every choice the rows that bear on it."""

    unknowns: UnknownGroup
    trials: Sequence[tuple[Combination, Sequence[PlannedRow]]]


@dataclass(frozen=True)
class TrialsPlan:
    """Tables whose unknowns are to be inferred.

    Attributes:
        experiments, groups: of each table, by its name.
        seeds: every row is trained once for each, under every choice.
        record: what the folder of results says of it.
    """

    experiments: Mapping[str, Experiment]
    groups: Mapping[str, Sequence[PlannedGroup]]
    dataset: Dataset
    seeds: Sequence[int]
    record: InferencePlan

    def nets(self, table: str) -> dict[str, NamedNet]:
        """Every net of a table, once, by its name; seed by seed, as populations are of one seed."""
        rows = [row for group in self.groups[table] for _, rows in group.trials for row in rows]
        return {net.id: net for of_seed in zip(*(row.nets for row in rows), strict=True) for net in of_seed}

    @property
    def words(self) -> list[str]:
        """What is going to be trained, a line for each table."""
        return list(self._words())

    def _words(self) -> Iterator[str]:
        for name, groups in self.groups.items():
            counts = (
                f"{len(group.trials)} of {' x '.join(own.name for own in group.unknowns)}" for group in groups
            )
            settings = self.experiments[name].resolved().values()
            rows = len(self.seeds) * sum(planner.work(own, self.dataset) for own in settings)
            nets = self.nets(name)
            times = sum(planner.work(net.settings, self.dataset) for net in nets.values()) / rows
            yield f"{name}: {len(nets)} nets, {times:.1f} times the work of its rows; candidates: {'; '.join(counts)}"


def plan(experiments: Mapping[str, Experiment], dataset: Dataset, seeds: Sequence[int]) -> TrialsPlan:
    """Plan to infer what tables leave unsaid.

    Raises:
        SettingsError: a table names no unknowns, seeds are too few, or settings do not fit the data set; with every
            problem, one line each.
    """
    problems = []
    if len(seeds) < FEWEST_VALUES:
        problems.append(
            f"seeds = {len(seeds)}: odds need {FEWEST_VALUES} or more, as each is left out in turn; ask for more"
        )
    for name, experiment in experiments.items():
        if not experiment.unknowns:
            problems.append(
                f"{name}: names no unknowns with numbers published on {dataset.name}; leave it out"
            )
        lines = (line for own in _every_setting(experiment) for line in splits.problems(own, dataset))
        problems += [f"{name}: {line}" for line in dict.fromkeys(lines)]
    if problems:
        raise SettingsError(*problems)
    groups = {
        name: [_planned(experiment, group, dataset, seeds) for group in unknowns.groups(experiment.unknowns)]
        for name, experiment in experiments.items()
    }
    record = InferencePlan(
        dataset={"name": dataset.name, "checksum": dataset.checksum},
        unknowns={
            name: [unknown.model_dump(mode="json") for unknown in experiment.unknowns]
            for name, experiment in experiments.items()
        },
        seeds=list(seeds),
    )
    return TrialsPlan(experiments, groups, dataset, seeds, record)


def _every_setting(experiment: Experiment) -> Iterator[Settings]:
    for _, own in unknowns.own_settings(experiment.unknowns, experiment.row_settings):
        yield Settings.model_validate({**experiment.settings, **own})


def _planned(
    experiment: Experiment, group: UnknownGroup, dataset: Dataset, seeds: Sequence[int]
) -> PlannedGroup:
    rows = [row for row in experiment.table if row.name in unknowns.bearing(group)]
    trials = []
    for choice in unknowns.choices(group):
        planned = []
        for row in rows:
            own = unknowns.under(row.name, experiment.row_settings, group, choice)
            settings = Settings.model_validate({**experiment.settings, **own})
            numbers = [
                PlannedNumber(
                    metric, number, splits.count(metric.removesuffix("_accuracy"), settings, dataset)
                )
                for metric, number in row.published.items()
            ]
            planned.append(PlannedRow(row.name, numbers, [named(dataset, settings, seed) for seed in seeds]))
        trials.append((choice, planned))
    return PlannedGroup(group, trials)
