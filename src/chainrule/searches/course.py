"""A search on its way: trials enter in batches, are trained, and are told as soon as all their nets are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from chainrule.records.searches import Trial
from chainrule.searches.journal import Journal
from chainrule.searches.search import Search
from chainrule.searches.strategies.base import Batch
from chainrule.searches.trials import begun, scored
from chainrule.settings.settings import Settings
from chainrule.work import planner
from chainrule.work.nets import NamedNet
from chainrule.work.training import Site, TrainingOutcome, release, train_all

SearchProgress = Callable[[int, int, Sequence[Trial]], None]
"""Called with the work done, the work in all as far as it can be told, and the trials so far."""


class Course:
    """The trials of one search, and what became of them so far."""

    def __init__(
        self,
        search: Search,
        seed: int,
        site: Site,
        journal: Journal,
        progress: SearchProgress,
        say: Callable[[str], None],
    ) -> None:
        """Begin ``search`` with ``seed``; every change of a trial goes to the journal."""
        self.trials: list[Trial] = []
        self._search, self._seed, self._site = search, seed, site
        self._journal, self._progress, self._say = journal, progress, say
        self._done, self._images = 0, search.images(site.dataset)
        self._known: dict[int, list[NamedNet]] = {}

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
            self._put(begun(len(self.trials), values))

    def _prune(self, but: Sequence[int]) -> None:
        out = [trial for trial in self.trials if trial.state == "running" and trial.number not in but]
        for trial in out:
            self._put(trial.model_copy(update={"state": "pruned"}))
        if out:
            release(self._site, [net for number in but for net in self._nets(self.trials[number])])

    def _put(self, trial: Trial) -> None:
        self.trials[trial.number : trial.number + 1] = [trial]
        self._journal.record(trial)

    def _train(self, batch: Batch) -> None:
        before = self._done
        asked = [trial for trial in self.trials if trial.state == "running"]
        nets = {trial.number: self._nets(trial) for trial in asked}
        at_start = sum(self._work(trial, None) for trial in asked)
        work = sum(self._work(trial, batch) for trial in asked) - at_start
        shards = {net.id: net.shard(batch.until) for own in nets.values() for net in own}
        finished = TrainingOutcome({}, {})
        whole = self._whole()

        def told(outcome: TrainingOutcome) -> None:
            known = outcome.members.keys() | outcome.failed.keys()
            for trial in asked:
                ids = [net.id for net in nets[trial.number]]
                if self.trials[trial.number] is trial and known.issuperset(ids):
                    self._put(self._scored(trial, ids, outcome, batch.until))

        def on_work(more: int) -> None:
            self._look(shards, finished)
            told(finished)
            self._done = before + min(max(more - at_start, 0), work)
            self._progress(self._done, max(self._done, whole), self.trials)

        outcome = train_all([net for own in nets.values() for net in own], self._site, on_work, batch.until)
        told(outcome)
        for note in outcome.notes:
            self._say(note)
        on_work(at_start + work)

    def _look(self, shards: Mapping[str, str], finished: TrainingOutcome) -> None:
        """Take in the nets that are finished while others are still trained.

        Args:
            shards: by net, the name of the shard that it will have.
            finished: where they go.
        """
        for name, shard in shards.items():
            store = self._site.store
            if name not in finished.members and store.holds(shard) and (member := store.find(shard)):
                finished.members[name] = member

    def _scored(self, trial: Trial, ids: Sequence[str], outcome: TrainingOutcome, until: int | None) -> Trial:
        """A trial at the end of a batch."""
        failed = [outcome.failed[name] for name in ids if name in outcome.failed]
        if failed:
            return trial.model_copy(update={"state": "failed", "mean": None, "error": None, "why": failed[0]})
        metric, epochs = self._search.strategy.metric, self._settings(trial).epochs
        scores = [outcome.members[name].final[metric] for name in ids]
        reached = epochs if until is None else until
        return scored(trial, scores, metric, self._images, epochs=reached, last=reached == epochs)

    def _nets(self, trial: Trial) -> list[NamedNet]:
        """A trial's nets, one an init."""
        if trial.number not in self._known:
            self._known[trial.number] = self._search.nets(trial.values, self._site.dataset, self._seed)
        return self._known[trial.number]

    def _settings(self, trial: Trial) -> Settings:
        return self._nets(trial)[0].settings

    def _work(self, trial: Trial, batch: Batch | None) -> int:
        """What a trial costs from its start to its last rung, or to where a batch stops."""
        until = trial.epochs if batch is None else batch.until
        return planner.work(self._settings(trial), self._site.dataset, until) * self._search.strategy.inits

    def crown(self, nets: Sequence[NamedNet]) -> TrainingOutcome:
        """Train the winner's nets, the last of the work."""
        work = sum(planner.work(net.settings, self._site.dataset) for net in nets)
        before = self._done

        def on_work(more: int) -> None:
            self._progress(before + min(more, work), before + work, self.trials)

        return train_all(nets, self._site, on_work)

    def _whole(self) -> int:
        """About how much work the search is: its stages, of trials like those so far, and the winner once more."""
        search = self._search
        nets = [planner.work(self._settings(trial), self._site.dataset) for trial in self.trials]
        stages = search.strategy.stages(search.dimensions, search.epochs)
        trained = sum(stage.trials * (stage.end - stage.start) for stage in stages) / search.epochs
        return round((trained + 1) * search.strategy.inits * sum(nets) / len(nets))
