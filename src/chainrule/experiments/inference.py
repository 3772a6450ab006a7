"""What reports left unsaid, inferred from their numbers: every candidate trained over seeds, and its likelihood.

The test split enters as it does in verdicts: a published test accuracy is held against test accuracies. No net, epoch
or setting that anything else rests on is chosen by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from chainrule.errors import ChainruleError
from chainrule.experiments import facts
from chainrule.experiments.conclusions import sentence
from chainrule.experiments.likelihood import (
    Floats,
    Measurement,
    SeedIndex,
    jackknife,
    marginal,
    report_likelihood,
    shares,
    spread,
)
from chainrule.experiments.trials import PlannedGroup, PlannedRow, TrialsPlan
from chainrule.experiments.unknowns import Unknown
from chainrule.experiments.verdicts import decimals, interval
from chainrule.files import write_text
from chainrule.records.inferences import (
    INFERENCE,
    CandidateOdds,
    Inference,
    InferredUnknown,
    RecipeInference,
    TriedCombination,
    TriedNumber,
)
from chainrule.records.runs import Member
from chainrule.work import planner
from chainrule.work.executors import Executor
from chainrule.work.folder import opened
from chainrule.work.progress import WorkProgress
from chainrule.work.store import Store
from chainrule.work.training import Site, train_all

MeasuredNumbers = dict[str, dict[str, Measurement]]
"""The numbers of one choice, by row and metric."""


@dataclass(frozen=True)
class InferenceJob:
    """Unknowns to infer.

    Attributes:
        plan: every row under every choice of its unknowns.
        directory: where data lies.
        out: the folder of results.
        command: as it was typed.
    """

    plan: TrialsPlan
    directory: Path
    out: Path
    command: str


def infer(
    job: InferenceJob, executor: Executor, progress: WorkProgress = lambda done, total: None
) -> Inference:
    """Train what is missing below ``job.out``, then write ``inference.json`` there.

    Nets are named by what they are: those that a folder of results holds already are not trained again, and a killed
    inference goes on.

    Raises:
        StoreError: the folder holds something else or a larger inference, or cannot be written.
        ChainruleError: a net cannot be trained.
    """
    plan = job.plan
    with opened(job.out, plan.record):
        members = _train(plan, Site(plan.dataset, job.directory, Store(job.out), executor), progress)
        inference = Inference(
            recipes=[_inferred(plan, name, members) for name in plan.experiments],
            environment=facts.describe(plan.dataset, plan.seeds, 0, job.command),
        )
        write_text(job.out / INFERENCE, inference.to_json())
    return inference


def _train(plan: TrialsPlan, site: Site, progress: WorkProgress) -> dict[str, Member]:
    nets = {name: net for table in plan.experiments for name, net in plan.nets(table).items()}
    total = sum(planner.work(net.settings, plan.dataset) for net in nets.values())
    outcome = train_all(nets.values(), site, lambda done: progress(done, total))
    if outcome.failed:
        raise ChainruleError(
            *(f"net {name} cannot be trained: {why}" for name, why in outcome.failed.items())
        )
    return outcome.members


def _inferred(plan: TrialsPlan, name: str, members: Mapping[str, Member]) -> RecipeInference:
    experiment = plan.experiments[name]
    told: dict[str, InferredUnknown] = {}
    tried: list[list[TriedCombination]] = []
    for group in plan.groups[name]:
        measured = [
            {row.name: _measured(row, members, facts.widened(plan.dataset)) for row in rows}
            for _, rows in group.trials
        ]
        combinations = _combinations(group, measured)
        tried.append(combinations)
        told |= {unknown.name: _odds(unknown, group, measured, len(plan.seeds)) for unknown in group.unknowns}
    return RecipeInference(
        recipe=name,
        title=experiment.title,
        unknowns=[told[unknown.name] for unknown in experiment.unknowns],
        tried=tried,
        unexplained=_unexplained(tried),
        not_tried=dict(experiment.not_tried),
    )


def _measured(row: PlannedRow, members: Mapping[str, Member], widened: float) -> dict[str, Measurement]:
    """A row's published numbers beside its runs, by metric."""
    runs = [members[net.id] for net in row.nets]
    return {
        number.metric: Measurement(
            number.published,
            np.array([run.final[number.metric] for run in runs], np.float64),
            number.images,
            widened,
        )
        for number in row.numbers
    }


def _likelihoods(measured: Sequence[MeasuredNumbers], seeds: SeedIndex = slice(None)) -> Floats:
    """Log-likelihood of all numbers under each choice."""
    reports = ([list(numbers.values()) for numbers in rows.values()] for rows in measured)
    return np.array([report_likelihood(rows, seeds) for rows in reports])


def _combinations(group: PlannedGroup, measured: Sequence[MeasuredNumbers]) -> list[TriedCombination]:
    likelihoods = _likelihoods(measured)
    every = zip(group.trials, measured, likelihoods.tolist(), shares(likelihoods).tolist(), strict=True)
    return [
        TriedCombination(
            choice=dict(choice),
            numbers=[
                _number(row, metric, measurement)
                for row, numbers in rows.items()
                for metric, measurement in numbers.items()
            ],
            log_likelihood=likelihood,
            share=share,
        )
        for (choice, _), rows, likelihood, share in every
    ]


def _unexplained(tried: Sequence[Sequence[TriedCombination]]) -> list[str]:
    """The numbers that the best combination of no group agrees with."""
    agree: dict[str, bool] = {}
    for group in tried:
        for number in max(group, key=lambda combination: combination.share).numbers:
            name = f"{number.row} ({number.metric})"
            agree[name] = agree.get(name, False) or number.agrees
    return [name for name, explained in agree.items() if not explained]


def _number(row: str, metric: str, measurement: Measurement) -> TriedNumber:
    published, values = measurement.published, measurement.values.tolist()
    return TriedNumber(
        row=row,
        metric=metric,
        published=float(published),
        decimals=decimals(published),
        values=values,
        mean=float(np.mean(values)),
        deviation=spread(measurement.values, measurement.images),
        log_likelihood=measurement.log_likelihood(),
        agrees=interval(values, published, measurement.widened).holds(float(published)),
    )


def _odds(
    unknown: Unknown, group: PlannedGroup, measured: Sequence[MeasuredNumbers], seeds: int
) -> InferredUnknown:
    """The odds of an unknown's candidates, over all that the others of its group may have been."""
    whole = _marginals(unknown, group, _likelihoods(measured))
    every = np.arange(seeds)
    left = np.array(
        [_marginals(unknown, group, _likelihoods(measured, np.delete(every, seed))) for seed in every]
    )
    candidates = []
    for index, (name, share) in enumerate(zip(unknown.candidates, shares(whole).tolist(), strict=True)):
        odds = jackknife(float(whole[index] - whole[0]), (left[:, index] - left[:, 0]).tolist())
        candidates.append(
            CandidateOdds(name=name, share=share, log_odds=odds.value, low=odds.low, high=odds.high)
        )
    return InferredUnknown(
        name=unknown.name,
        rows=list(unknown.rows),
        crossed_with=[other.name for other in group.unknowns if other is not unknown],
        candidates=candidates,
        sentence=sentence(unknown.name, candidates),
    )


def _marginals(unknown: Unknown, group: PlannedGroup, likelihoods: Floats) -> Floats:
    """Log-likelihood of each candidate of an unknown."""
    chosen = np.array([choice[unknown.name] for choice, _ in group.trials])
    return np.array([marginal(likelihoods[chosen == candidate]) for candidate in unknown.candidates])
