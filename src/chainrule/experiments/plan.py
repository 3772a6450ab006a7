"""What is to be trained for tables: every net by its name, every search at its start; made once, before anything is
written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chainrule.data import splits
from chainrule.data.datasets import Dataset
from chainrule.errors import SettingsError
from chainrule.experiments.experiment import Experiment
from chainrule.records.plans import Plan
from chainrule.searches.standing import Standing
from chainrule.settings.settings import Settings
from chainrule.work import planner
from chainrule.work.nets import NamedNet, named


@dataclass(frozen=True)
class PlannedTable:
    """One table.

    Attributes:
        experiment: as it was read.
        settings: of every row.
        rows: every row's nets, one a seed.
        searches: every search's replicates, each on its way.
    """

    experiment: Experiment
    settings: Mapping[str, Settings]
    rows: Mapping[str, Sequence[NamedNet]]
    searches: Mapping[str, Sequence[Standing]]


@dataclass(frozen=True)
class TablesPlan:
    """Tables to train on a data set.

    Attributes:
        tables: by name.
        seeds: each row is trained once for each.
        replicates: how often every search is run as a whole.
        record: what the folder of results says of it.
    """

    tables: Mapping[str, PlannedTable]
    dataset: Dataset
    seeds: Sequence[int]
    replicates: int
    record: Plan

    @property
    def settings(self) -> list[Settings]:
        """Of every row, and of what is searched."""
        tables = self.tables.values()
        return [
            own
            for table in tables
            for own in (*table.settings.values(), *table.experiment.searched_settings())
        ]

    @property
    def work(self) -> int:
        """The work of every net, by :func:`chainrule.work.planner.work`; one that two tables share counts twice."""
        return sum(work for table in self.tables.values() for work in self._work(table))

    def _work(self, table: PlannedTable) -> Iterator[int]:
        for nets in table.rows.values():
            yield sum(planner.work(net.settings, self.dataset) for net in nets)
        for standings in table.searches.values():
            search = standings[0].search
            probes = search.probes()
            trials = sum(stage.trials for stage in search.strategy.stages(search.dimensions, search.epochs))
            whole = sum(planner.work(probe, self.dataset) for probe in probes)
            yield whole * trials * search.strategy.inits * len(standings) // len(probes)


def plan(
    experiments: Mapping[str, Experiment], dataset: Dataset, seeds: Sequence[int], replicates: int
) -> TablesPlan:
    """Plan to train tables on a data set.

    Raises:
        SettingsError: with every problem of every table, one line each.
    """
    problems: list[str] = []
    tables: dict[str, PlannedTable] = {}
    for name, experiment in experiments.items():
        settings = experiment.resolved()
        every = [*settings.values(), *experiment.searched_settings()]
        lines = dict.fromkeys(line for own in every for line in splits.problems(own, dataset))
        problems += [f"{name}: {line}" for line in lines]
        tables[name] = PlannedTable(
            experiment,
            settings,
            {row: [named(dataset, own, seed) for seed in seeds] for row, own in settings.items()},
            {
                search.name: [
                    Standing(search.on(experiment.settings), dataset, replicate)
                    for replicate in range(replicates)
                ]
                for search in experiment.searches
            },
        )
    if problems:
        raise SettingsError(*problems)
    return TablesPlan(tables, dataset, seeds, replicates, _record(tables, dataset, seeds, replicates))


def _record(
    tables: Mapping[str, PlannedTable], dataset: Dataset, seeds: Sequence[int], replicates: int
) -> Plan:
    return Plan(
        dataset={"name": dataset.name, "checksum": dataset.checksum},
        experiments={
            name: {
                "table": table.experiment.model_dump(mode="json"),
                "settings": {row: own.model_dump(mode="json") for row, own in table.settings.items()},
            }
            for name, table in tables.items()
        },
        seeds=list(seeds),
        replicates=replicates,
    )
