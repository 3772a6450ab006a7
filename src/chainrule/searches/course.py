"""A search on its way: trials enter in batches, are trained, and are told as soon as all their nets are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from chainrule.config import Settings
from chainrule.data import splits
from chainrule.data.datasets import Dataset
from chainrule.search_records import Rung, Trial
from chainrule.searches.journal import Journal
from chainrule.searches.search import Search
from chainrule.searches.strategies.base import Batch
from chainrule.searches.trials import score
from chainrule.work import planner
from chainrule.work.store import Store
from chainrule.work.training import Outcome, Site, train_all

Progress = Callable[[int, int, Sequence[Trial]], None]
"""Called with the work done, the work in all as far as it can be told, and the trials so far."""


class Course:
    """The trials of one search, and what became of them so far."""

    def __init__(self, search: Search, seed: int, site: Site, journal: Journal, progress: Progress) -> None:
        """Begin ``search`` with ``seed``; every change of a trial goes to the journal."""
        self.trials: list[Trial] = []
        self._search, self._seed, self._site = search, seed, site
        self._journal, self._progress = journal, progress
        self._done = 0

    def run(self) -> list[Trial]:
        """All trials; each is complete, pruned or failed."""
        search = self._search
        while batch := search.strategy.ask(search.dimensions, self.trials, self._seed, search.epochs):
            self._enter(batch)
            self._train(batch)
        self._prune(but=[])
        return self.trials

    def _enter(self, batch: Batch) -> None:
        """New trials begin; those that do not go on are out."""
        self._prune(but=batch.survivors)
        for values in batch.fresh:
            self._put(
                Trial(
                    number=len(self.trials), values=values, scores=[], mean=None, error=None, rungs=[],
                    state="running",
                )
            )  # fmt: skip

    def _prune(self, but: Sequence[int]) -> None:
        for trial in self.trials:
            if trial.state == "running" and trial.number not in but:
                self._put(trial.model_copy(update={"state": "pruned"}))

    def _put(self, trial: Trial) -> None:
        self.trials[trial.number : trial.number + 1] = [trial]
        self._journal.record(trial)

    def _train(self, batch: Batch) -> None:
        before = self._done
        asked = [trial for trial in self.trials if trial.state == "running"]
        nets = {trial.number: self._nets(trial) for trial in asked}
        work = sum(self._work(trial, batch.until) for trial in asked)
        shards = Shards(self._site.store, batch.until)

        def told(outcome: Outcome) -> None:
            for trial in asked:
                known = outcome.members.keys() | outcome.failed.keys()
                if self.trials[trial.number] is trial and nets[trial.number].keys() <= known:
                    self._put(self._scored(trial, list(nets[trial.number]), outcome, batch.until))

        def on_work(more: int) -> None:
            told(shards.look(name for names in nets.values() for name in names))
            self._done = before + min(more, work)
            self._progress(self._done, max(self._done, self._whole()), self.trials)

        told(
            train_all(
                [net for own in nets.values() for net in own.values()], self._site, on_work, batch.until
            )
        )
        on_work(work)

    def _scored(self, trial: Trial, ids: Sequence[str], outcome: Outcome, until: int | None) -> Trial:
        """A trial at the end of a batch."""
        failed = [outcome.failed[name] for name in ids if name in outcome.failed]
        if failed:
            return trial.model_copy(update={"state": "failed", "mean": None, "error": None, "why": failed[0]})
        metric = self._search.strategy.metric
        scores = [outcome.members[name].final[metric] for name in ids]
        mean, error = score(scores, metric, images(self._search, self._site.dataset))
        epochs = self._settings(trial).epochs
        rung = Rung(epochs=epochs if until is None else until, mean=mean, error=error)
        return trial.model_copy(
            update={
                "scores": scores,
                "mean": mean,
                "error": error,
                "rungs": [*trial.rungs, rung],
                "state": "complete" if rung.epochs == epochs else "running",
            }
        )

    def _settings(self, trial: Trial) -> Settings:
        return self._search.settings_of(trial.values)

    def _nets(self, trial: Trial) -> dict[str, tuple[Settings, int]]:
        """A trial's nets by id, one an init."""
        settings = self._settings(trial)
        nets = [(settings, seed) for seed in self._search.seeds(self._seed)]
        return {planner.member_id(self._site.dataset, *net): net for net in nets}

    def _work(self, trial: Trial, until: int | None) -> int:
        """What is left to do of a trial until an epoch."""
        settings = self._settings(trial)
        start, end = trial.rungs[-1].epochs if trial.rungs else 0, until or settings.epochs
        whole = planner.work(settings, self._site.dataset) * self._search.strategy.inits
        return whole * (end - start) // settings.epochs

    def _whole(self) -> int:
        """About how much work the search is: its stages, of trials like those so far, and the winner once more."""
        search = self._search
        nets = [planner.work(self._settings(trial), self._site.dataset) for trial in self.trials]
        stages = search.strategy.stages(search.dimensions, search.epochs)
        trained = sum(stage.trials * (stage.end - stage.start) for stage in stages) / search.epochs
        return round((trained + 1) * search.strategy.inits * sum(nets) / len(nets))


class Shards:
    """Nets that are finished while others are still trained."""

    def __init__(self, store: Store, until: int | None) -> None:
        """Look below ``store`` for nets at the end, or at the epoch ``until``."""
        self._store, self._until = store, until
        self._found = Outcome({}, {})

    def look(self, ids: Iterable[str]) -> Outcome:
        """All that were found so far."""
        for name in ids:
            if name not in self._found.members and (member := self._store.find(name)) is not None:
                self._found.members[name] = member
        return self._found


def images(search: Search, dataset: Dataset) -> int:
    """Images of the validation split, the same for all trials."""
    return splits.count("val", search.settings_of(search.dimensions.probes()[0]), dataset)
