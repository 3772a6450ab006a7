"""Train what tables ask for and put published beside measured: train, read, judge, draw, write."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chainrule.experiments import facts
from chainrule.experiments.figure_data import figures
from chainrule.experiments.outcome import outcome
from chainrule.experiments.plan import TablesPlan
from chainrule.experiments.results import judged
from chainrule.experiments.rounds import train
from chainrule.files import safe_name, write_text
from chainrule.records.figures import Figure
from chainrule.records.runs import Results
from chainrule.work.executors import Executor
from chainrule.work.folder import opened
from chainrule.work.progress import WorkProgress
from chainrule.work.store import Store
from chainrule.work.training import Site


@dataclass(frozen=True)
class TableJob:
    """Tables to train, as planned.

    Attributes:
        plan: what is trained.
        directory: where workers find the data again.
        out: the folder of results.
        command: what the user typed, for the record.
    """

    plan: TablesPlan
    directory: Path
    out: Path
    command: str


@dataclass(frozen=True)
class Report:
    """The outcome of a job: results, what its figures show, and what the user should know of how it went."""

    results: Results
    figures: list[Figure]
    notes: list[str]


def reproduce(job: TableJob, executor: Executor, progress: WorkProgress = lambda done, total: None) -> Report:
    """Train what is missing below ``job.out``, then write ``results.json`` and figure data there.

    Raises:
        StoreError: the folder holds another plan or cannot be written.
        ChainruleError: a net cannot be trained.
    """
    plan, store = job.plan, Store(job.out)
    with opened(job.out, plan.record):
        members, notes = train(plan, Site(plan.dataset, job.directory, store, executor), progress)
        outcomes = [outcome(name, table, members) for name, table in plan.tables.items()]
        described = facts.describe(plan.dataset, plan.seeds, plan.replicates, job.command)
        results = judged(outcomes, plan.dataset, store, described)
        drawn = [figure for each in outcomes for figure in figures(each, plan.dataset, store)]
        write_text(job.out / "results.json", results.to_json())
        for figure in drawn:
            name = safe_name(f"{figure.recipe}-{figure.kind}") + ".json"
            write_text(job.out / "figures" / name, figure.to_json())
    return Report(results, drawn, notes)
