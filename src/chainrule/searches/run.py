"""Run a search: ask, train, tell, until the strategy is done; then train the winner, which alone meets the test split.

Nothing is remembered between runs: the same questions are asked again from the start, and what has a shard is
answered at once.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chainrule.data import splits
from chainrule.data.datasets import Dataset
from chainrule.errors import ChainruleError
from chainrule.files import write_text
from chainrule.machine import environment
from chainrule.nn.network import Network
from chainrule.records.plans import JOURNAL
from chainrule.records.searches import SearchResults, Trial, Winner
from chainrule.searches.course import Course, SearchProgress
from chainrule.searches.extra import require_optuna
from chainrule.searches.journal import Journal
from chainrule.searches.planned import executor_of
from chainrule.searches.search import Search, check
from chainrule.searches.trials import chosen, reason, score
from chainrule.work.executors import Executor, InProcess
from chainrule.work.folder import opened
from chainrule.work.store import Store
from chainrule.work.training import Site, release


@dataclass(frozen=True)
class SearchJob:
    """A search to run.

    Attributes:
        search: what.
        dataset: whole; ``directory`` is where workers find it again.
        seed: of the search: keys what is drawn, and the inits of all trials.
        out: the folder of the search.
        command: what the user typed, for the record.
    """

    search: Search
    dataset: Dataset
    directory: Path
    seed: int
    out: Path
    command: str


def run(
    job: SearchJob,
    executor: Executor,
    progress: SearchProgress = lambda done, total, trials: None,
    say: Callable[[str], None] = lambda line: None,
) -> SearchResults:
    """Run a search, or go on with it, below ``job.out``; write ``results.json`` there.

    Args:
        job: what.
        executor: what trains, unless the search is small enough for this process.
        progress: see :data:`chainrule.searches.course.SearchProgress`.
        say: called with what the user should know.

    Raises:
        SettingsError: it cannot be run on the data set; nothing was written.
        MissingExtraError: optuna is not installed; nothing was written.
        StoreError: the folder holds another search, is in use, or cannot be written.
        ChainruleError: no trial could be trained.
    """
    search = job.search
    check(search, job.dataset)
    require_optuna()
    with opened(job.out, search.plan(job.dataset, job.seed)):
        results = _searched(job, executor_of(search, job.dataset, job.seed, executor), progress, say)
        write_text(job.out / "results.json", results.to_json())
    return results


def _searched(
    job: SearchJob, executor: Executor, progress: SearchProgress, say: Callable[[str], None]
) -> SearchResults:
    search = job.search
    site = Site(job.dataset, job.directory, Store(job.out), executor)
    name = search.title or "search"
    journal = Journal(job.out / JOURNAL, name, search.dimensions, search.strategy.metric)
    course = Course(search, job.seed, site, journal, progress, say)
    trials = course.run()
    winner = _winner(job, course)
    release(site)
    return SearchResults(
        title=search.title,
        dataset={"name": job.dataset.name, "checksum": job.dataset.checksum},
        strategy=search.strategy.model_dump(mode="json"),
        space=search.space,
        seeds=list(search.seeds(job.seed)),
        images=search.images(job.dataset),
        trials=trials,
        winner=winner,
        environment=environment.describe(job.command) | {"in_process": isinstance(executor, InProcess)},
    )


def _winner(job: SearchJob, course: Course) -> Winner | None:
    """The chosen trial, trained with curves and tested; None where no trial is complete with a finite score.

    Raises:
        ChainruleError: not a single trial could be trained, or not the winner.
    """
    strategy, trials = job.search.strategy, course.trials
    top = chosen(trials, strategy.metric, strategy.choose, lambda trial: _complexity(job, trial))
    if top is None:
        why = dict.fromkeys(trial.why for trial in trials if trial.state == "failed")
        if len(why) and all(trial.state == "failed" for trial in trials):
            raise ChainruleError(*(f"no trial could be trained: {line}" for line in why))
        return None
    nets = job.search.winners(top.values, job.dataset, job.seed)
    settings = nets[0].settings
    outcome = course.crown(nets)
    if outcome.failed:
        raise ChainruleError(*(f"the winner, trial {top.number}: {why}" for why in outcome.failed.values()))
    members = [outcome.members[net.id] for net in nets]
    tested = [member.final["test_accuracy"] for member in members]
    mean, error = score(tested, "val_accuracy", splits.count("test", settings, job.dataset))
    return Winner(
        trial=top.number,
        settings=settings.model_dump(mode="json"),
        members=[member.id for member in members],
        test_accuracy=tested,
        mean=mean,
        error=error,
        reason=reason(trials, top, strategy.metric, strategy.choose),
    )


def _complexity(job: SearchJob, trial: Trial) -> tuple[float, int]:
    """Smaller for simpler nets: a larger l2, then fewer weights."""
    settings = job.search.settings_of(trial.values)
    network = Network.of(settings, job.dataset.images.shape[1], len(job.dataset.classes))
    return -settings.l2, sum(inputs * outputs for inputs, outputs in itertools.pairwise(network.widths))
