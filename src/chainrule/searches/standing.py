"""Where a search stands, for those who train its nets together with others': what it waits for, what was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chainrule.data.datasets import Dataset
from chainrule.records.runs import Member
from chainrule.records.searches import Trial
from chainrule.searches.search import Search
from chainrule.searches.trials import begun, scored
from chainrule.work.nets import NamedNet


@dataclass
class Standing:
    """One run of a search whose strategy trains every trial to the end.

    Attributes:
        search: which.
        dataset: what its nets are trained on.
        seed: keys what is drawn, and the inits.
        trials: those that have a score, in the order asked.
        waiting: trials that were asked, with their nets; none at the end.
    """

    search: Search
    dataset: Dataset
    seed: int
    trials: list[Trial] = field(default_factory=list)
    waiting: list[tuple[Trial, list[NamedNet]]] = field(default_factory=list)

    def advance(self, members: Mapping[str, Member]) -> None:
        """Score what ``members``, the finished nets by id, tell of; then ask for what comes next, until it waits."""
        while all(net.id in members for _, nets in self.waiting for net in nets):
            self.trials += [self._scored(trial, nets, members) for trial, nets in self.waiting]
            search = self.search
            batch = search.strategy.ask(search.dimensions, self.trials, self.seed, search.epochs)
            asked = [
                begun(number, values) for number, values in enumerate(batch.fresh, start=len(self.trials))
            ] if batch else []  # fmt: skip
            self.waiting = [(trial, search.nets(trial.values, self.dataset, self.seed)) for trial in asked]
            if not asked:
                return

    def _scored(self, trial: Trial, nets: list[NamedNet], members: Mapping[str, Member]) -> Trial:
        metric, epochs = self.search.strategy.metric, nets[0].settings.epochs
        scores = [members[net.id].final[metric] for net in nets]
        return scored(trial, scores, metric, self.search.images(self.dataset), epochs=epochs, last=True)
