"""Who trains together: members of a population, in companies of one order of minibatches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from chainrule.data.datasets import Dataset
from chainrule.data.prepared import fitted
from chainrule.data.splits import NAMES, refusals, split
from chainrule.data.transforms.transform import Transform
from chainrule.errors import DataError, SettingsError
from chainrule.machine import threads
from chainrule.nn.network import Parameters
from chainrule.records.runs import Divergence
from chainrule.settings.settings import Settings
from chainrule.settings.strict import explain
from chainrule.train.population import Training
from chainrule.train.sharing import common
from chainrule.train.state import State
from chainrule.work import planner


@dataclass
class _Company:
    """Members that train as one, by their numbers, and the seed of their minibatches."""

    members: list[int]
    seed: int
    training: Training


class Companies:
    """All members that train; what happens to some leaves the others as they are.

    Attributes:
        settings, seeds: of every member that there ever was, by its number.
        splits: the rows of the data set, by their names.
        transform: what makes inputs of them.
    """

    def __init__(
        self,
        settings: Sequence[Settings],
        seeds: Sequence[int],
        orders: Sequence[int],
        data: Dataset,
        start: tuple[Parameters, Transform] | None = None,
    ) -> None:
        """Start with one net a seed.

        Args:
            settings: of each, M.
            seeds: of their initial weights, M.
            orders: seeds of their minibatches, M: those of one train as one.
            data: what they learn.
            start: weights to begin with, those of one net after the other, in the place of random ones, and what made
                the inputs that they know.

        Raises:
            SettingsError: settings differ where members share them.
            DataError: the data set cannot be split as they ask.
        """
        first = common(settings)
        shares = {name: getattr(first, name) for name in NAMES}
        shares = {n: share for n, share in shares.items() if share != n or data.batches.get(n)}
        problems = refusals(first, data, tuple(shares))
        if problems:
            raise DataError(*problems)
        self.splits = split(data, shares)
        if start is None:
            start = {}, fitted(first.preprocess, self.splits["train"], data.max_value)
        self._initial, self.transform = start
        self.settings, self.seeds, self._data = [*settings], [*seeds], data
        self._each: list[_Company] = []
        for order in dict.fromkeys(orders):
            members = [m for m, other in enumerate(orders) if other == order]
            self._each.append(_Company(members, order, self._training(members, order)))

    @property
    def members(self) -> list[int]:
        """Those that train."""
        return sorted(m for company in self._each for m in company.members)

    @property
    def diverged(self) -> dict[int, Divergence]:
        """Those of them whose numbers are not finite any more."""
        found = {}
        for company in self._each:
            steps = company.training.state().arrays["diverged"].tolist()
            for m, (step, kept) in zip(company.members, steps, strict=True):
                if step >= 0:
                    found[m] = Divergence(step=step, kept_step=kept)
        return found

    def epoch(self) -> None:
        """Let all go once through the training rows."""
        for company in self._each:
            settings = {str(m): self.settings[m] for m in company.members}
            whole = planner.TrainedTogether(
                (company.seed,) * len(settings), settings, company.training.engine
            )
            useful = planner.useful_threads(whole, self._data)
            with threads.limited(max(1, min(threads.available_cores(), useful))):
                company.training.train_epoch()

    def latest(self, names: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """What curves, as of :data:`chainrule.records.runs.CURVES`, are at now, (M,) each: NaN of those that do not
        train."""
        values = {name: np.full(len(self.seeds), np.nan) for name in names}
        for company in self._each:
            for name, of_company in company.training.latest().items():
                if name in values:
                    values[name][company.members] = of_company
        return values

    def weights(self, member: int) -> Parameters:
        """A copy of what one is now, (1, ...) each."""
        company = self._of(member)
        taken = company.training.state().take([company.members.index(member)]).arrays
        return {name.removeprefix("now."): array for name, array in taken.items() if name.startswith("now.")}

    def leave(self, members: Sequence[int]) -> None:
        """Take members out of those that train."""
        for company in self._each:
            rows = [row for row, m in enumerate(company.members) if m not in members]
            if 0 < len(rows) < len(company.members):
                self._go_on(company, [company.members[row] for row in rows], rows)
            elif not rows:
                company.members = []
        self._each = [company for company in self._each if company.members]

    def change(self, settings: Mapping[int, Settings]) -> None:
        """Let members, by their numbers, go on by other settings."""
        for m, other in settings.items():
            self.settings[m] = other
        for company in self._each:
            if not settings.keys().isdisjoint(company.members):
                self._go_on(company, company.members, range(len(company.members)))

    def fork(self, member: int, settings: Settings) -> int:
        """Let another go on from what one is now, by these settings; gives its number."""
        company, number = self._of(member), len(self.seeds)
        self.settings.append(settings)
        self.seeds.append(self.seeds[member])
        rows = [*range(len(company.members)), company.members.index(member)]
        self._go_on(company, [*company.members, number], rows)
        return number

    def _of(self, member: int) -> _Company:
        return next(company for company in self._each if member in company.members)

    def _go_on(self, company: _Company, members: list[int], rows: Sequence[int]) -> None:
        """Make a company one of these members, each from where one of the rows of those before stands."""
        state = company.training.state().take(rows)
        company.members, company.training = members, self._training(members, company.seed, state)

    def _training(self, members: Sequence[int], order: int, start: State | None = None) -> Training:
        initial = {
            name: array[[m % len(array) for m in members]].astype(np.float32)
            for name, array in self._initial.items()
        }
        return Training(
            [self.settings[m] for m in members],
            order,
            self.splits,
            self.transform,
            self._data.outputs,
            start=start,
            inits=[self.seeds[m] for m in members],
            initial=initial or None,
        )


def member_settings(
    settings: Settings | Mapping[str, Any], told: Mapping[str, Any] | None = None
) -> Settings:
    """Settings, checked, with what is told in their places unless it is None.

    >>> own = {"train": 100, "val": 100, "test": "test_batch", "preprocess": "center", "init": "he", "batch_size": 10}
    >>> own |= {"epochs": 5, "shuffle": True, "learning_rate": 0.1}
    >>> member_settings(own, {"l2": 0.5, "learning_rate": None}).l2
    0.5

    Raises:
        SettingsError: with every problem found, one line each.
    """
    changed = {key: value for key, value in (told or {}).items() if value is not None}
    if isinstance(settings, Settings) and not changed:
        return settings
    plain = settings.model_dump() if isinstance(settings, Settings) else dict(settings)
    try:
        return Settings.model_validate(plain | changed)
    except ValidationError as error:
        raise SettingsError(*explain(error, Settings)) from None
