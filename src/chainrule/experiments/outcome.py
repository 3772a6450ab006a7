"""What became of a table: the finished nets of every row, the scored trials of every search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chainrule.experiments.experiment import Experiment
from chainrule.experiments.plan import PlannedTable
from chainrule.experiments.published_search import TrialsByReplicate
from chainrule.records.runs import Member
from chainrule.settings.settings import Settings


@dataclass(frozen=True)
class TableOutcome:
    """One table, trained.

    Attributes:
        name: the table's.
        experiment: as it was read.
        settings: of every row.
        rows: every row's members, one a seed.
        searches: every search's trials, replicate by replicate.
    """

    name: str
    experiment: Experiment
    settings: Mapping[str, Settings]
    rows: Mapping[str, Sequence[Member]]
    searches: Mapping[str, TrialsByReplicate]


def outcome(name: str, table: PlannedTable, members: Mapping[str, Member]) -> TableOutcome:
    """What became of a table all of whose nets are among ``members``, by id."""
    return TableOutcome(
        name,
        table.experiment,
        table.settings,
        {row: [members[net.id] for net in nets] for row, nets in table.rows.items()},
        {search: [run.trials for run in runs] for search, runs in table.searches.items()},
    )
