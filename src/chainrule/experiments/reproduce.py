"""Train what tables ask for and put published beside measured."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from chainrule.data import splits
from chainrule.data.datasets import Dataset
from chainrule.errors import SettingsError
from chainrule.experiments import claims, environment, figure_data, planner, worker
from chainrule.experiments.executors import Executor
from chainrule.experiments.experiment import Experiment, Row
from chainrule.experiments.progress import Counters
from chainrule.experiments.store import Store, plan
from chainrule.experiments.verdicts import decimals, interval, verdict
from chainrule.files import write_text
from chainrule.records import CurvesFigure, InputMeans, Member, ResultRow, Results, TemplatesFigure


@dataclass(frozen=True)
class Job:
    """Tables to train on a data set.

    Attributes:
        experiments: by name.
        dataset: whole; ``directory`` is where workers find it again.
        seeds: each table is trained once for each.
        out: the folder of results.
        command: what the user typed, for the record.
    """

    experiments: Mapping[str, Experiment]
    dataset: Dataset
    directory: Path
    seeds: Sequence[int]
    out: Path
    command: str


@dataclass(frozen=True)
class Report:
    """The outcome of a job: results, and what its figures show."""

    results: Results
    curves: list[CurvesFigure]
    templates: list[TemplatesFigure]


Progress = Callable[[int, int], None]
"""Called with epochs done and epochs in all."""


def check(experiments: Mapping[str, Experiment], dataset: Dataset) -> None:
    """Refuse tables that cannot be run on a data set, before anything is written.

    Raises:
        SettingsError: with every problem of every table, one line each.
    """
    found = [
        f"{name}: {line}"
        for name, experiment in experiments.items()
        for line in dict.fromkeys(
            line for settings in experiment.resolved().values() for line in splits.problems(settings, dataset)
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
    store.open(plan(job.dataset, job.experiments, job.seeds))
    members = _train_missing(job, store, executor, progress)
    report = _report(job, store, members)
    write_text(job.out / "results.json", report.results.to_json())
    for kind, figures in (("curves", report.curves), ("templates", report.templates)):
        for figure in figures:
            write_text(job.out / "figures" / f"{figure.recipe}-{kind}.json", figure.to_json())
    return report


def _train_missing(job: Job, store: Store, executor: Executor, progress: Progress) -> dict[str, Member]:
    settings = [one for experiment in job.experiments.values() for one in experiment.resolved().values()]
    populations = planner.plan(job.dataset, settings, job.seeds)
    found = {name: store.find(name) for population in populations for name in population.members}
    missing = [
        population for population in populations if any(found[name] is None for name in population.members)
    ]
    total = sum(population.epochs for population in populations)
    before = total - sum(population.epochs for population in missing)
    with Counters(len(missing)) as counters:
        tasks = [
            worker.Task(
                population, job.dataset.name, job.directory, job.out, counters.path, index, os.getpid()
            )
            for index, population in enumerate(missing)
        ]
        progress(before, total)
        for _ in executor.run(worker.run, tasks, lambda: progress(before + counters.total(), total)):
            pass
    trained = {name: found[name] or store.find(name) for name in found}
    return {name: member for name, member in trained.items() if member is not None}


def _report(job: Job, store: Store, members: Mapping[str, Member]) -> Report:
    rows, decided, means, curves, templates = [], [], [], [], []
    for name, experiment in job.experiments.items():
        settings = experiment.resolved()
        ids = {
            row: [planner.member_id(job.dataset, one, seed) for seed in job.seeds]
            for row, one in settings.items()
        }
        trained = {row: [members[member] for member in wanted] for row, wanted in ids.items()}
        rows += [
            line for row in experiment.table for line in _lines(job, name, experiment, row, trained[row.name])
        ]
        decided += [claims.decide(name, claim, trained) for claim in experiment.claims]
        means.append(_input_means(name, experiment, next(iter(trained.values()))[0]))
        curves.append(figure_data.curves(name, experiment, trained))
        one_layer = {
            row: (job.seeds[0], np.asarray(store.weights(wanted[0])["last.W1"]))
            for row, wanted in ids.items()
            if not settings[row].hidden
        }
        if one_layer:
            templates.append(figure_data.templates(name, experiment, job.dataset, one_layer))
    facts = environment.describe(job.dataset, job.seeds, job.command)
    results = Results(rows=rows, claims=decided, input_means=means, environment=facts)
    return Report(results, curves, templates)


def _lines(
    job: Job, name: str, experiment: Experiment, row: Row, members: Sequence[Member]
) -> list[ResultRow]:
    """The table's line, once for each metric."""
    lines = []
    for metric in experiment.metrics:
        published = row.published.get(metric)
        values = [member.final[metric] for member in members]
        measured = interval(values, published, environment.widened(job.dataset))
        lines.append(
            ResultRow(
                recipe=name,
                name=row.name,
                setting=row.set,
                metric=metric,
                published=None if published is None else float(published),
                published_decimals=None if published is None else decimals(published),
                values=values,
                mean=measured.mean,
                low=measured.low,
                high=measured.high,
                verdict=verdict(measured, published),
                inferred=[*experiment.inferred, *row.inferred],
                diverged=[member.seed for member in members if member.diverged],
            )
        )
    return lines


def _input_means(name: str, experiment: Experiment, member: Member) -> InputMeans:
    published = experiment.published_means
    return InputMeans(
        recipe=name,
        measured=member.input_means,
        published=None if published is None else {k: float(v) for k, v in published.model_dump().items()},
    )
