"""Train what tables ask for and put published beside measured."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chainrule.config import Settings
from chainrule.data import splits
from chainrule.data.datasets import Dataset
from chainrule.errors import SettingsError, StoreError
from chainrule.experiments import environment, figure_data, planner, results, search_runs, worker
from chainrule.experiments.claims import Measured
from chainrule.experiments.executors import Executor
from chainrule.experiments.experiment import Experiment
from chainrule.experiments.progress import Counters
from chainrule.experiments.search import best
from chainrule.experiments.store import Store, plan
from chainrule.files import write_text
from chainrule.records import Figure, Member, Results


@dataclass(frozen=True)
class Job:
    """Tables to train on a data set.

    Attributes:
        experiments: by name.
        dataset: whole; ``directory`` is where workers find it again.
        seeds: each row is trained once for each.
        replicates: how often every search is run as a whole.
        out: the folder of results.
        command: what the user typed, for the record.
    """

    experiments: Mapping[str, Experiment]
    dataset: Dataset
    directory: Path
    seeds: Sequence[int]
    replicates: int
    out: Path
    command: str


@dataclass(frozen=True)
class Report:
    """The outcome of a job: results, and what its figures show."""

    results: Results
    figures: list[Figure]


Progress = Callable[[int, int], None]
"""Called with the epochs done and the epochs in all, of all nets."""


def check(experiments: Mapping[str, Experiment], dataset: Dataset) -> None:
    """Refuse tables that cannot be run on a data set, before anything is written.

    Raises:
        SettingsError: with every problem of every table, one line each.
    """
    found = [
        f"{name}: {line}"
        for name, experiment in experiments.items()
        for line in dict.fromkeys(
            line for settings in experiment.every_setting() for line in splits.problems(settings, dataset)
        )
    ]
    if found:
        raise SettingsError(*found)


def reproduce(job: Job, executor: Executor, progress: Progress = lambda done, total: None) -> Report:
    """Train what is missing below ``job.out``, then write ``results.json`` and figure data there.

    Raises:
        SettingsError: a table cannot be run on the data set; nothing was written.
        StoreError: the folder holds another plan or cannot be written.
    """
    check(job.experiments, job.dataset)
    store = Store(job.out)
    store.open(plan(job.dataset, job.experiments, job.seeds, job.replicates))
    members = _train(job, store, executor, progress)
    report = _report(job, store, members)
    write_text(job.out / "results.json", report.results.to_json())
    for figure in report.figures:
        write_text(job.out / "figures" / f"{figure.recipe}-{figure.kind}.json", figure.to_json())
    return report


def _train(job: Job, store: Store, executor: Executor, progress: Progress) -> dict[str, Member]:
    """Train until nothing is missing; what searches find tells what they ask for next."""
    members: dict[str, Member] = {}
    total = sum(_epochs(job))
    while True:
        wanted = {planner.member_id(job.dataset, *net): net for net in _wanted(job, members)}
        found = {name: member for name in wanted if name not in members and (member := store.find(name))}
        members |= found
        if found:
            continue
        missing = {name: net for name, net in wanted.items() if name not in members}
        done = sum(settings.epochs for name, (settings, _) in wanted.items() if name in members)
        progress(min(done, total), total)
        if not missing:
            return members
        _train_all(job, missing.values(), executor, functools.partial(_advance, progress, done, total))
        lost = [name for name in missing if store.find(name) is None]
        if lost:
            raise StoreError(
                f"{job.out}: {len(lost)} finished nets are gone again; is the folder on a sound disk?"
            )


def _advance(progress: Progress, before: int, total: int, more: int) -> None:
    progress(min(before + more, total), total)


def _train_all(
    job: Job, nets: Iterable[tuple[Settings, int]], executor: Executor, on_epochs: Callable[[int], None]
) -> None:
    populations = planner.plan(job.dataset, nets)
    with Counters(len(populations)) as counters:
        tasks = [
            worker.Task(one, job.dataset.name, job.directory, job.out, counters.path, index, os.getpid())
            for index, one in enumerate(populations)
        ]
        for _ in executor.run(worker.run, tasks, lambda: on_epochs(counters.total())):
            pass


def _wanted(job: Job, members: Mapping[str, Member]) -> Iterator[tuple[Settings, int]]:
    """Every net that can be told from the tables and from what is finished."""
    for experiment in job.experiments.values():
        for settings in experiment.resolved().values():
            yield from ((settings, seed) for seed in job.seeds)
        for replicate in range(job.replicates):
            for run in search_runs.runs(experiment, replicate, job.dataset, members).values():
                for seed in run.search.seeds(replicate):
                    yield from ((point.settings, seed) for point in run.points)


def _epochs(job: Job) -> Iterator[int]:
    """Epochs of every net of the job; nets that two tables share count twice, which only progress notices."""
    for experiment in job.experiments.values():
        yield from (settings.epochs * len(job.seeds) for settings in experiment.resolved().values())
        for search in experiment.searches:
            yield experiment.probes(search)[0].epochs * search.size * job.replicates


def _report(job: Job, store: Store, members: Mapping[str, Member]) -> Report:
    whole = Results(rows=[], claims=[], input_means=[], environment={})
    figures: list[Figure] = []
    for name, experiment in job.experiments.items():
        trained = {
            row: [members[planner.member_id(job.dataset, one, seed)] for seed in job.seeds]
            for row, one in experiment.resolved().items()
        }
        _add_results(job, name, experiment, trained, members, whole)
        figures += _figures(job, store, name, experiment, trained)
    facts = environment.describe(job.dataset, job.seeds, job.replicates, job.command)
    return Report(whole.model_copy(update={"environment": facts}), figures)


def _add_results(
    job: Job,
    name: str,
    experiment: Experiment,
    trained: Mapping[str, Sequence[Member]],
    members: Mapping[str, Member],
    whole: Results,
) -> None:
    """Add one table's rows, searches, claims and means to the ``whole``."""
    widened = environment.widened(job.dataset)
    for row in experiment.table:
        whole.rows.extend(results.table_rows(name, experiment, row, trained[row.name], widened))
    runs = [
        search_runs.runs(experiment, replicate, job.dataset, members) for replicate in range(job.replicates)
    ]
    scores = {one.name: [run[one.name].scored or [] for run in runs] for one in experiment.searches}
    for search in experiment.searches:
        whole.rows.extend(results.search_rows(name, experiment, search, scores[search.name], widened))
    bests = {one: [best(points).score for points in found] for one, found in scores.items()}
    whole.claims.extend(results.claims(name, experiment, Measured(trained, bests)))
    whole.input_means.extend(results.input_means(name, experiment, trained))


def _figures(
    job: Job, store: Store, name: str, experiment: Experiment, trained: Mapping[str, Sequence[Member]]
) -> Iterator[Figure]:
    """What one table's figures show: of the first seed where a figure shows one net."""
    if not trained:
        return
    yield figure_data.curves(name, experiment, trained)
    settings = experiment.resolved()
    first = {
        row: (job.seeds[0], store.weights(members[0].id))
        for row, members in trained.items()
        if not settings[row].hidden
    }
    if first:
        yield figure_data.templates(name, experiment, job.dataset, first)
    shown = {row: first[row] for row in experiment.gradient_histograms}
    if shown:
        yield figure_data.gradient_histograms(name, experiment, job.dataset, settings, shown)
