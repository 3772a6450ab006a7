"""Train what tables ask for and put published beside measured."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chainrule.data import splits
from chainrule.data.datasets import Dataset
from chainrule.errors import ChainruleError, SettingsError
from chainrule.experiments import facts, figure_data, results, search_runs
from chainrule.experiments.claims import Measured
from chainrule.experiments.experiment import Experiment
from chainrule.experiments.plan import opened, plan
from chainrule.experiments.predictions import predictions
from chainrule.experiments.search import TrialsByReplicate
from chainrule.files import safe_name, write_text
from chainrule.records.figures import Figure
from chainrule.records.runs import Member, Remark, Results
from chainrule.records.searches import Trial
from chainrule.searches.trials import best, merit
from chainrule.settings.settings import Settings
from chainrule.work import planner
from chainrule.work.executors import Executor
from chainrule.work.nets import named
from chainrule.work.store import Store
from chainrule.work.training import Site, train_all


@dataclass(frozen=True)
class TableJob:
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
    """The outcome of a job: results, what its figures show, and what the user should know of how it went."""

    results: Results
    figures: list[Figure]
    notes: list[str]


WorkProgress = Callable[[int, int], None]
"""Called with the work done and the work in all; see :func:`chainrule.work.planner.work`."""


def check(experiments: Mapping[str, Experiment], dataset: Dataset) -> None:
    """Refuse tables that cannot be run on a data set, before anything is written.

    Raises:
        SettingsError: with every problem of every table, one line each.
    """
    problems = [
        f"{name}: {line}"
        for name, experiment in experiments.items()
        for line in dict.fromkeys(
            line for settings in experiment.every_setting() for line in splits.problems(settings, dataset)
        )
    ]
    if problems:
        raise SettingsError(*problems)


def reproduce(job: TableJob, executor: Executor, progress: WorkProgress = lambda done, total: None) -> Report:
    """Train what is missing below ``job.out``, then write ``results.json`` and figure data there.

    Raises:
        SettingsError: a table cannot be run on the data set; nothing was written.
        StoreError: the folder holds another plan or cannot be written.
    """
    check(job.experiments, job.dataset)
    site = Site(job.dataset, job.directory, Store(job.out), executor)
    with opened(job.out, plan(job.dataset, job.experiments, job.seeds, job.replicates)):
        members, notes = _train(job, site, progress)
        report = _report(job, site.store, members, notes)
        write_text(job.out / "results.json", report.results.to_json())
        for figure in report.figures:
            name = safe_name(f"{figure.recipe}-{figure.kind}") + ".json"
            write_text(job.out / "figures" / name, figure.to_json())
    return report


def _train(job: TableJob, site: Site, progress: WorkProgress) -> tuple[dict[str, Member], list[str]]:
    """Train in rounds until no table asks for more: what one round's searches find tells what the next ones try.

    Rounds are the same whatever is on disk already, and with them every bit, on the same number of workers.
    """
    members: dict[str, Member] = {}
    notes: list[str] = []
    total, before = sum(_work(job)), 0
    while True:
        told = {net.id: net for net in (named(job.dataset, *net) for net in _wanted(job, members))}
        fresh = [net for name, net in told.items() if name not in members]
        if not fresh:
            return members, notes
        outcome = train_all(fresh, site, functools.partial(_advance, progress, before, total))
        if outcome.failed:
            raise ChainruleError(
                *(f"net {name} cannot be trained: {why}" for name, why in outcome.failed.items())
            )
        before += sum(planner.work(settings, job.dataset) for settings, _, _ in fresh)
        members |= outcome.members
        notes += outcome.notes


def _advance(progress: WorkProgress, before: int, total: int, more: int) -> None:
    progress(min(before + more, total), total)


def _wanted(job: TableJob, members: Mapping[str, Member]) -> Iterator[tuple[Settings, int]]:
    """Every net that can be told from the tables and from what is finished."""
    for experiment in job.experiments.values():
        for settings in experiment.resolved().values():
            yield from ((settings, seed) for seed in job.seeds)
        for replicate in range(job.replicates):
            for run in search_runs.runs(experiment, replicate, job.dataset, members).values():
                for seed in run.search.seeds(replicate):
                    yield from ((point.settings, seed) for point in run.points)


def _work(job: TableJob) -> Iterator[int]:
    """The work of every net of the job; one that two tables share counts twice, which only progress notices."""
    for experiment in job.experiments.values():
        for settings in experiment.resolved().values():
            yield planner.work(settings, job.dataset) * len(job.seeds)
        for search in experiment.searches:
            probes = experiment.probes(search)
            points = search.size // len(probes)
            yield from (planner.work(probe, job.dataset) * points * job.replicates for probe in probes)


def _report(job: TableJob, store: Store, members: Mapping[str, Member], notes: list[str]) -> Report:
    whole = Results(rows=[], claims=[], input_means=[], environment={})
    figures: list[Figure] = []
    for name, experiment in job.experiments.items():
        trained = {
            row: [members[named(job.dataset, settings, seed).id] for seed in job.seeds]
            for row, settings in experiment.resolved().items()
        }
        scores = _scores(job, experiment, members)
        _add_results(job, name, experiment, trained, scores, whole)
        figures += _figures(job, store, name, experiment, trained, scores)
    described = facts.describe(job.dataset, job.seeds, job.replicates, job.command)
    return Report(whole.model_copy(update={"environment": described}), figures, notes)


def _scores(
    job: TableJob, experiment: Experiment, members: Mapping[str, Member]
) -> dict[str, list[list[Trial]]]:
    """The scored points of every search, replicate by replicate."""
    runs = [
        search_runs.runs(experiment, replicate, job.dataset, members) for replicate in range(job.replicates)
    ]
    return {search.name: [run[search.name].scored or [] for run in runs] for search in experiment.searches}


def _add_results(
    job: TableJob,
    name: str,
    experiment: Experiment,
    trained: Mapping[str, Sequence[Member]],
    scores: Mapping[str, TrialsByReplicate],
    whole: Results,
) -> None:
    """Add one table's rows, searches, claims and means to the ``whole``."""
    widened = facts.widened(job.dataset)
    for row in experiment.table:
        whole.rows.extend(results.table_rows(name, experiment, row, trained[row.name], widened))
    for search in experiment.searches:
        whole.rows.extend(results.search_rows(name, experiment, search, scores[search.name], widened))
    bests = {key: [merit(best(points), "val_accuracy") for points in runs] for key, runs in scores.items()}
    whole.claims.extend(results.claims(name, experiment, Measured(trained, bests)))
    whole.titles[name] = experiment.title
    whole.found.extend(Remark(recipe=name, text=text) for text in experiment.found)
    whole.input_means.extend(results.input_means(name, experiment, trained))


def _figures(
    job: TableJob,
    store: Store,
    name: str,
    experiment: Experiment,
    trained: Mapping[str, Sequence[Member]],
    scores: Mapping[str, TrialsByReplicate],
) -> Iterator[Figure]:
    """What one table's figures show: of the first seed where a figure shows one net."""
    if experiment.searches:
        yield figure_data.searches(name, experiment, scores)
    if not trained:
        return
    yield figure_data.curves(name, experiment, trained)
    settings = experiment.resolved()
    kept = {
        row: (job.seeds[0], store.weights(members[0]))
        for row, members in trained.items()
        if members[0].weights_sha256 is not None
    }
    if kept:
        yield predictions(name, experiment, job.dataset, settings, kept)
    flat = {row: own for row, own in kept.items() if not settings[row].hidden}
    if flat:
        yield figure_data.templates(name, experiment, job.dataset, flat)
    shown = {row: flat[row] for row in experiment.gradient_histograms if row in flat}
    if shown:
        yield figure_data.gradient_histograms(name, experiment, job.dataset, settings, shown)
