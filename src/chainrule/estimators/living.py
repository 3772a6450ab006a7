"""Nets that train together, an epoch at a time, while whoever calls looks at them and steps in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from chainrule.arrays import Array
from chainrule.data.datasets import Dataset
from chainrule.data.labels import labels
from chainrule.data.prepared import fitted
from chainrule.data.splits import NAMES, split
from chainrule.data.transforms.transform import Transform
from chainrule.errors import DataError, SettingsError
from chainrule.estimators.scores import scores
from chainrule.machine import threads
from chainrule.nets.net import CompleteNet
from chainrule.nn.network import Parameters
from chainrule.records.runs import CURVES, Divergence
from chainrule.settings.settings import Settings
from chainrule.settings.strict import explain
from chainrule.train.engines import choice
from chainrule.train.population import Training, common
from chainrule.train.state import pack
from chainrule.work import planner

Callback = Callable[["Population"], object]
"""Called after every epoch with the population, on which it may do all that anybody may."""


@dataclass
class _Company:
    """Members that train as one, by their numbers, and the seed of their minibatches."""

    members: list[int]
    seed: int
    training: Training


class Population:
    """M nets that train together, member by number from 0; each can be looked at, stopped, changed or forked.

    >>> from chainrule.data.tables import from_arrays
    >>> X = np.random.default_rng(0).normal(size=(100, 2))
    >>> data = from_arrays(X, X[:, 0] * X[:, 1] > 0, val=0.2)
    >>> settings = {"train": "train", "val": "val", "test": "test", "preprocess": "standardize", "hidden": [20]}
    >>> settings |= {"init": "he", "batch_size": 10, "epochs": 20, "shuffle": True, "learning_rate": 0.3}
    >>> population = Population(settings, [0, 1, 2], data, order="shared")
    >>> while population.active:
    ...     metrics = population.epoch()
    ...     if population.epochs == 10:
    ...         population.drop(int(metrics["val_loss"].argmax()))
    >>> len(population.members), bool((population.evaluate("val", ["accuracy"])["accuracy"] > 0.5).sum() == 2)
    (2, True)

    Attributes:
        epochs: passes over the training rows so far.
        settings: of every member.
        seeds: of their initial weights.
        transform: what makes inputs of the data set's rows.
    """

    def __init__(
        self,
        settings: Settings | Mapping[str, Any] | Sequence[Settings | Mapping[str, Any]],
        seeds: int | Sequence[int],
        data: Dataset,
        *,
        order: Literal["own", "shared"] | int = "own",
        start: tuple[Parameters, Transform] | None = None,
    ) -> None:
        """Start with one net a seed.

        Args:
            settings: of each member, or of all alike, keys as in :class:`chainrule.settings.settings.Settings`.
            seeds: of the members' initial weights; one where they all start alike.
            data: what they learn.
            order: whose order of minibatches members see: each its seed's ``own``, so that those of one seed train as
                one; one that is ``shared`` by all; or that of this seed.
            start: weights to begin with, those of one net after the other, in the place of random ones, and what made
                the inputs that they know.

        Raises:
            SettingsError: settings are impossible, differ where members share them, are not as many as seeds, or stop
                early by themselves.
            DataError: the data set cannot be split as they ask.
        """
        several = [settings] if isinstance(settings, Settings | Mapping) else [*settings]
        self.seeds = [seeds] * len(several) if isinstance(seeds, int) else [*seeds]
        self.settings = [_read(one) for one in several * (len(self.seeds) if len(several) == 1 else 1)]
        if len(self.settings) != len(self.seeds) or not self.seeds:
            raise SettingsError(
                f"seeds: are {len(self.seeds)} for {len(self.settings)} settings; give one for each, or one of either"
            )
        if order == "shared":
            self.settings = [one.model_copy(update={"order": "shared"}) for one in self.settings]
        if any(one.early_stopping for one in self.settings):
            raise SettingsError(
                "early_stopping: is not for members that are stepped in on; leave it out, and give epoch the callback "
                "EarlyStopping"
            )
        self._data, first = data, common(self.settings)
        shares = {name: getattr(first, name) for name in NAMES}
        self._splits = split(
            data, {n: share for n, share in shares.items() if share != n or data.batches.get(n)}
        )
        self._start = None if start is None else start[0]
        self.transform = (
            start[1] if start else fitted(first.preprocess, self._splits["train"], data.max_value)
        )
        self.epochs = 0
        self._still: dict[int, Divergence | None] = {}
        self._kept: dict[int, tuple[int, Parameters]] = {}
        own = self.seeds if order == "own" else [0 if order == "shared" else order] * len(self.seeds)
        self._groups = []
        for seed in dict.fromkeys(own):
            members = [m for m, other in enumerate(own) if other == seed]
            self._groups.append(_Company(members, seed, self._training(members, seed)))
        self._entries: list[dict[str, NDArray[np.float64]]] = []
        self._note()

    @property
    def active(self) -> list[int]:
        """The members that still train; none after the last epoch."""
        if self.epochs == self.settings[0].epochs:
            return []
        return self._training_still

    @property
    def members(self) -> list[int]:
        """All that were not dropped."""
        return sorted([*self._still, *self._training_still])

    @property
    def metrics(self) -> dict[str, NDArray[np.float64]]:
        """How members do, by names such as ``val_loss``, (M,) each: NaN of those that do not train any more, or
        diverged."""
        return self._entries[-1]

    @property
    def history(self) -> dict[str, NDArray[np.float64]]:
        """``epoch`` (E,), and what :attr:`metrics` was before the first epoch and after every one, (E, M)."""
        wide = [
            {
                name: np.pad(v, (0, len(self.seeds) - len(v)), constant_values=np.nan)
                for name, v in entry.items()
            }
            for entry in self._entries
        ]
        curves = {name: np.stack([entry[name] for entry in wide]) for name in wide[0]}
        return {"epoch": np.arange(len(wide), dtype=np.float64), **curves}

    @property
    def diverged(self) -> dict[int, Divergence]:
        """The members whose numbers stopped being finite before anything was kept of them; their last finite weights
        predict."""
        found = self._still | {m: found for m, found in self._failing().items() if m not in self._kept}
        return {m: divergence for m, divergence in sorted(found.items()) if divergence is not None}

    @property
    def engine(self) -> str:
        """What takes the steps, or would where nobody trains any more."""
        return choice.chosen([self.settings[m] for m in self._training_still or self.members])

    def epoch(self, callbacks: Sequence[Callback] = ()) -> dict[str, NDArray[np.float64]]:
        """Let all that train go once through the training rows, then call the callbacks; gives :attr:`metrics`.

        Raises:
            SettingsError: all epochs of the settings are over, or nobody trains any more.
        """
        if not self.active:
            raise SettingsError(
                f"epochs = {self.settings[0].epochs}: are over, or nobody trains; give more epochs"
            )
        for group in self._groups:
            together = {str(m): self.settings[m] for m in group.members}
            whole = planner.Population((group.seed,) * len(together), together, group.training.engine)
            useful = planner.useful_threads(whole, self._data)
            with threads.limited(max(1, min(threads.available_cores(), useful))):
                group.training.train_epoch()
        self.epochs += 1
        self._note()
        for callback in callbacks:
            callback(self)
        return self.metrics

    def evaluate(
        self, data: str | tuple[Any, Any], metrics: Sequence[str], *, now: bool = False
    ) -> dict[str, NDArray[np.float64]]:
        """How members do by any of scikit-learn's scorers, (M,) each: NaN of those that were dropped.

        Args:
            data: ``train``, ``val`` or ``test``; or rows, with the columns of the data set, and their labels.
            metrics: names of scorers; larger is better for all of them.
            now: with the weights of this moment in the place of those that predict, as :attr:`metrics` has it: NaN of
                those that do not train any more, or diverged.

        Raises:
            SettingsError: a metric is unknown, or is not one of what the nets predict.
            DataError: there are no such rows.
        """
        X, y = self._rows(data) if isinstance(data, str) else data
        if self._data.classes:
            # A data set knows its classes as text.
            y = [str(label) for label in labels(y).tolist()]
        if now:
            nets = {m: self._net([self._weights(m)]) for m in self._training_still if m not in self._failing()}
        else:
            nets = {m: self.net(m) for m in self.members}
        measured = {m: scores(net, X, y, metrics) for m, net in nets.items()}
        unknown = dict.fromkeys(metrics, np.nan)
        everyone = range(len(self.seeds))
        return {name: np.array([measured.get(m, unknown)[name] for m in everyone]) for name in metrics}

    def keep(self, *members: int) -> None:
        """Let the weights that members have now predict, whatever comes after; those that stopped or diverged keep
        theirs."""
        failing = self._failing() if members else {}
        for m in self._known(members):
            if m not in self._still and m not in failing:
                self._kept[m] = (self.epochs, self._weights(m))

    def kept_epoch(self, member: int) -> int:
        """After how many epochs a member had the weights that predict."""
        return self._kept[member][0] if member in self._kept else self.epochs

    def stop(self, *members: int) -> None:
        """Let members train no more: what they are, or what was kept of them, predicts."""
        training = [m for m in self._known(members) if m not in self._still]
        diverged = self.diverged if training else {}
        self._still |= {m: diverged.get(m) for m in training}
        self._kept |= {m: (self.epochs, self._weights(m)) for m in training if m not in self._kept}
        self._leave(training)

    def drop(self, *members: int) -> None:
        """Throw members away.

        Raises:
            SettingsError: nobody would be left, or one was never there.
        """
        gone = self._known(members)
        if set(gone) == set(self.members):
            raise SettingsError(f"drop: of {len(gone)} members nobody would be left; stop them, or keep one")
        self._leave([m for m in gone if m not in self._still])
        for m in gone:
            self._still.pop(m, None)

    def change(self, *members: int, learning_rate: Any = None, l2: float | None = None) -> None:
        """Let members go on with another learning rate, a number or a schedule of all steps, or another l2.

        Raises:
            SettingsError: nothing is told, it is impossible, or a member was dropped or trains no more.
        """
        told = {"learning_rate": learning_rate, "l2": l2}
        if told == dict.fromkeys(told):
            raise SettingsError("change: to what is not said; give a learning_rate, an l2 or both")
        changed = {m: _read(self.settings[m], told) for m in self._training_now(members)}
        for m, settings in changed.items():
            self.settings[m] = settings
        for group in self._groups:
            if not set(members).isdisjoint(group.members):
                group.training = self._training(group.members, group.seed, group.training)

    def fork(self, member: int, *, learning_rate: Any = None, l2: float | None = None) -> int:
        """Let another member go on from what one is now, with its settings or other ones; gives its number."""
        (member,) = self._training_now([member])
        group = next(group for group in self._groups if member in group.members)
        number = len(self.seeds)
        self.settings.append(_read(self.settings[member], {"learning_rate": learning_rate, "l2": l2}))
        self.seeds.append(self.seeds[member])
        rows = [*range(len(group.members)), group.members.index(member)]
        group.members = [*group.members, number]
        group.training = self._training(group.members, group.seed, group.training, rows)
        return number

    def net(self, *members: int) -> CompleteNet:
        """What predicts: these members together, or all that were not dropped and did not diverge."""
        chosen = self._known(members) or [m for m in self.members if m not in self.diverged] or self.members
        return self._net([self._kept[m][1] if m in self._kept else self._weights(m) for m in chosen])

    def _net(self, each: Sequence[Parameters]) -> CompleteNet:
        """Nets of these weights together."""
        parameters = {name: np.concatenate([one[name] for one in each]) for name in each[0]}
        network = planner.network(self.settings[0], self._data)
        classes = np.array(self._data.classes) if self._data.classes else None
        return CompleteNet(network, parameters, self.transform, classes, self._data.columns)

    @property
    def _training_still(self) -> list[int]:
        """Those that neither stopped nor were dropped, after the last epoch too."""
        return sorted(m for group in self._groups for m in group.members)

    def _failing(self) -> dict[int, Divergence]:
        """Those of them whose numbers are not finite any more."""
        rows = {
            m: row
            for group in self._groups
            for m, row in zip(group.members, group.training.state().arrays["diverged"].tolist(), strict=True)
        }
        return {m: Divergence(step=step, kept_step=kept) for m, (step, kept) in rows.items() if step >= 0}

    def _training(
        self,
        members: Sequence[int],
        seed: int,
        before: Training | None = None,
        rows: Sequence[int] | None = None,
    ) -> Training:
        """Members as one; from where ``rows`` of those ``before`` stand, or all of them."""
        state = None if before is None else before.state()
        if state is not None:
            state = pack([state]) if rows is None else state.take(rows)
        initial = self._start
        if initial is not None:
            rows = [m % len(initial["b1"]) for m in members]
            initial = {name: array[rows].astype(np.float32) for name, array in initial.items()}
        return Training(
            [self.settings[m] for m in members],
            seed,
            self._splits,
            self.transform,
            self._data.outputs,
            start=state,
            inits=[self.seeds[m] for m in members],
            initial=initial,
        )

    def _leave(self, members: Sequence[int]) -> None:
        """Take members out of those that train."""
        for group in self._groups:
            rows = [row for row, m in enumerate(group.members) if m not in members]
            if rows and len(rows) < len(group.members):
                group.members = [group.members[row] for row in rows]
                group.training = self._training(group.members, group.seed, group.training, rows)
            elif not rows:
                group.members = []
        self._groups = [group for group in self._groups if group.members]

    def _weights(self, member: int) -> Parameters:
        """A copy of what a member that trains is now, (1, ...) each."""
        group = next(group for group in self._groups if member in group.members)
        taken = group.training.state().take([group.members.index(member)]).arrays
        return {name.removeprefix("now."): array for name, array in taken.items() if name.startswith("now.")}

    def _note(self) -> None:
        measured = {
            name: np.full(len(self.seeds), np.nan)
            for name in CURVES
            if name.partition("_")[0] in self._splits
            and (self._data.classes or not name.endswith("accuracy"))
        }
        for group in self._groups:
            for name, values in group.training.latest().items():
                if name in measured:
                    measured[name][group.members] = values
        self._entries.append(measured)

    def _known(self, members: Sequence[int]) -> list[int]:
        members = [int(m) for m in members]
        unknown = [m for m in members if m not in self.members]
        if unknown:
            listed = ", ".join(map(str, self.members[:20]))
            raise SettingsError(f"member {unknown[0]}: was dropped, or never was; there are {listed}")
        return members

    def _training_now(self, members: Sequence[int]) -> list[int]:
        known = self._known(members)
        stopped = [m for m in known if m in self._still]
        if stopped:
            raise SettingsError(f"member {stopped[0]}: trains no more; choose one that does")
        return known

    def _rows(self, name: str) -> tuple[Array, Array]:
        if name not in self._splits:
            raise DataError(f"{name}: there are no such rows; there are {', '.join(self._splits)}")
        part = self._splits[name]
        classes = self._data.classes
        return part.images, np.array(classes)[part.labels] if classes else part.labels


def _read(settings: Settings | Mapping[str, Any], told: Mapping[str, Any] | None = None) -> Settings:
    """Settings, checked, with what is told in their places unless it is None.

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
