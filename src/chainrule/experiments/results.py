"""Rows of results from finished nets: tables, searches, claims, means of the inputs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from chainrule.data.datasets import Dataset
from chainrule.experiments import facts
from chainrule.experiments.claims import Measured
from chainrule.experiments.entries import entries_by_row
from chainrule.experiments.experiment import Experiment, Row
from chainrule.experiments.outcome import TableOutcome
from chainrule.experiments.published_search import TableSearch, TrialsByReplicate, nearest
from chainrule.experiments.verdicts import decimals, interval, verdict
from chainrule.records.base import Number
from chainrule.records.runs import ClaimResult, InputMeans, Member, Remark, ResultRow, Results
from chainrule.records.searches import Metric
from chainrule.searches import trials
from chainrule.statistics import FEWEST
from chainrule.work.store import Store

METRIC: Metric = "val_accuracy"
"""What searches of recipes are scored by."""

RANKS = ("best", "second_best", "third_best")


def judged(
    outcomes: Sequence[TableOutcome], dataset: Dataset, store: Store, environment: dict[str, Any]
) -> Results:
    """What tables came to: every number beside the published one, every claim decided.

    Args:
        outcomes: the tables.
        dataset: what they were trained on.
        store: where claims find the weights of their nets.
        environment: on what it was made.
    """
    widened = facts.widened(dataset)
    rows: list[ResultRow] = []
    decided: list[ClaimResult] = []
    means: list[InputMeans] = []
    told: list[Remark] = []
    for table in outcomes:
        name, experiment = table.name, table.experiment
        for row in experiment.table:
            rows += table_rows(name, experiment, row, table.rows[row.name], widened)
        for search in experiment.searches:
            rows += search_rows(name, experiment, search, table.searches[search.name], widened)
        decided += claims(name, experiment, _measured(table, dataset, store))
        means += input_means(name, experiment, table.rows)
        told += remarks(name, experiment)
    titles = {table.name: table.experiment.title for table in outcomes}
    return Results(
        rows=rows, claims=decided, input_means=means, titles=titles, found=told, environment=environment
    )


def table_rows(
    name: str, experiment: Experiment, row: Row, members: Sequence[Member], widened: float
) -> list[ResultRow]:
    """One line of a table, once for each metric; ``members`` are one a seed."""
    lines = []
    for metric in experiment.metrics:
        published = row.published.get(metric)
        values = [member.final[metric] for member in members]
        measured = interval(values, published, widened)
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


def search_rows(
    name: str, experiment: Experiment, search: TableSearch, replicates: TrialsByReplicate, widened: float
) -> list[ResultRow]:
    """A search's best scores, and how the published best setting does; one value a replicate."""
    inferred = [*experiment.inferred, *search.inferred]
    lines = []
    published_scores = search.published.best_val_accuracy
    for rank in range(max(1, len(published_scores))):
        published = published_scores[rank] if rank < len(published_scores) else None
        ranked = [trials.ranked(points, METRIC)[rank] for points in replicates]
        scores = [trials.merit(trial, METRIC) for trial in ranked]
        measured = interval(scores, published, widened)
        lines.append(
            ResultRow(
                recipe=name,
                name=search.name,
                setting={key: [trial.values[key] for trial in ranked] for key in ranked[0].values},
                metric=f"{RANKS[rank]}_val_accuracy",
                published=None if published is None else float(published),
                published_decimals=None if published is None else decimals(published),
                values=list[Number](scores),
                mean=measured.mean,
                low=measured.low,
                high=measured.high,
                verdict=verdict(measured, published),
                inferred=inferred,
                diverged=[],
            )
        )
    for rank, setting in enumerate(search.published.best_settings):
        lines.append(_shortfall(name, search, rank, setting, replicates, inferred))
    return lines


def _shortfall(
    name: str,
    search: TableSearch,
    rank: int,
    setting: dict[str, Any],
    replicates: TrialsByReplicate,
    inferred: list[str],
) -> ResultRow:
    """By how much the published best setting (rank 0; or the second, third best) scores below our own trial of that
    rank: it agrees within that trial's standard error, both in the mean over replicates."""
    ours = [trials.ranked(run, METRIC)[rank] for run in replicates]
    shortfalls = [
        trials.merit(own, METRIC) - trials.merit(nearest(run, setting), METRIC)
        for own, run in zip(ours, replicates, strict=True)
    ]
    mean, error = float(np.mean(shortfalls)), float(np.mean([own.error or 0.0 for own in ours]))
    enough = len(replicates) >= FEWEST
    return ResultRow(
        recipe=name,
        name=search.name,
        setting=setting,
        metric=f"{RANKS[rank]}_setting_shortfall",
        published=0.0,
        published_decimals=0,
        values=list[Number](shortfalls),
        mean=mean,
        low=0.0 if enough else None,
        high=error if enough else None,
        verdict=("agrees" if mean <= error else "differs") if enough else None,
        inferred=inferred,
        diverged=[],
    )


def claims(name: str, experiment: Experiment, measured: Measured) -> list[ClaimResult]:
    """Every claim of a table, decided."""
    return [
        ClaimResult(
            recipe=name,
            text=claim.text,
            held=decision.held,
            evidence=decision.evidence,
            supposed=claim.supposed,
        )
        for claim, decision in ((claim, claim.decide(measured)) for claim in experiment.claims)
    ]


def remarks(name: str, experiment: Experiment) -> list[Remark]:
    """What other runs told about a table's numbers."""
    return [Remark(recipe=name, **told.model_dump()) for told in experiment.found]


def _measured(table: TableOutcome, dataset: Dataset, store: Store) -> Measured:
    """What the claims of a table look at."""
    bests = {
        search: [trials.merit(trials.best(run), METRIC) for run in runs]
        for search, runs in table.searches.items()
    }
    entries = entries_by_row(store, dataset, table.settings, table.rows)
    inputs, outputs = math.prod(dataset.shape), len(dataset.classes) or 1
    return Measured(table.rows, bests, table.settings, inputs, outputs, entries)


def input_means(name: str, experiment: Experiment, rows: Mapping[str, Sequence[Member]]) -> list[InputMeans]:
    """Mean of all preprocessed inputs of the first row, beside the published; none for a table of searches alone."""
    members = next(iter(rows.values()), None)
    if members is None:
        return []
    published = experiment.published_means
    numbers = None if published is None else {k: float(v) for k, v in published.model_dump().items()}
    return [InputMeans(recipe=name, measured=members[0].input_means, published=numbers)]
