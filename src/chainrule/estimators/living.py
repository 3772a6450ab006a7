"""Nets that train together, an epoch at a time, while whoever calls looks at them and steps in."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.data.datasets import Dataset
from chainrule.data.transforms.transform import Transform
from chainrule.data.values import column_keys
from chainrule.errors import DataError, SettingsError
from chainrule.estimators.companies import Companies, member_settings
from chainrule.nets.net import CompleteNet, complete
from chainrule.nets.scores import require_known, score_or_nan
from chainrule.nn.network import Parameters
from chainrule.records.runs import CURVES, Divergence
from chainrule.settings.settings import Settings
from chainrule.train.engines import choice
from chainrule.work import planner

Callback = Callable[["Population"], object]
"""Called after every epoch with the population, on which it may do all that anybody may."""


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
        seeds = [seeds] * len(several) if isinstance(seeds, int) else [*seeds]
        each = [member_settings(one) for one in several * (len(seeds) if len(several) == 1 else 1)]
        if len(each) != len(seeds) or not seeds:
            raise SettingsError(
                f"seeds: are {len(seeds)} for {len(each)} settings; give one for each, or one of either"
            )
        whole = [*seeds, *([] if order in ("own", "shared") else [order])]
        odd = [one for one in whole if not isinstance(one, int | np.integer) or one < 0]
        if odd:
            raise SettingsError(
                f"seeds, order: {odd[0]!r} is no seed; give whole numbers of 0 or more, and order 'own' or 'shared'"
            )
        if any(one.early_stopping for one in each):
            raise SettingsError(
                "early_stopping: is not for members that are stepped in on; leave it out, and give epoch the callback "
                "EarlyStopping"
            )
        if order == "shared":
            each = [one.model_copy(update={"order": "shared"}) for one in each]
        orders = seeds if order == "own" else [0 if order == "shared" else order] * len(seeds)
        self._training = Companies(each, seeds, orders, data, start)
        self.transform, self._data, self.epochs = self._training.transform, data, 0
        self._still: dict[int, Divergence | None] = {}
        self._kept: dict[int, tuple[int, Parameters]] = {}
        self._entries: list[dict[str, NDArray[np.float64]]] = []
        self._note()

    @property
    def settings(self) -> list[Settings]:
        """Those of every member, by its number."""
        return self._training.settings

    @property
    def seeds(self) -> list[int]:
        """Those of their initial weights."""
        return self._training.seeds

    @property
    def active(self) -> list[int]:
        """The members that still train; none after the last epoch."""
        return [] if self.epochs == self.settings[0].epochs else self._training.members

    @property
    def members(self) -> list[int]:
        """All that were not dropped."""
        return sorted([*self._still, *self._training.members])

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
        found = self._still | {
            m: found for m, found in self._training.diverged.items() if m not in self._kept
        }
        return {m: divergence for m, divergence in sorted(found.items()) if divergence is not None}

    @property
    def engine(self) -> str:
        """What takes the steps, or would where nobody trains any more."""
        return choice.chosen([self.settings[m] for m in self._training.members or self.members])

    def epoch(self, callbacks: Sequence[Callback] = ()) -> dict[str, NDArray[np.float64]]:
        """Let all that train go once through the training rows, then call the callbacks; gives :attr:`metrics`.

        Raises:
            SettingsError: all epochs of the settings are over, or nobody trains any more.
        """
        if not self.active:
            raise SettingsError(
                f"epochs = {self.settings[0].epochs}: are over, or nobody trains; give more epochs"
            )
        self._training.epoch()
        self.epochs += 1
        self._note()
        for callback in callbacks:
            callback(self)
        return self.metrics

    def evaluate(
        self, data: str | tuple[Any, Any], metrics: Sequence[str], *, now: bool = False
    ) -> dict[str, NDArray[np.float64]]:
        """How members do by any of scikit-learn's scorers, (M,) each: NaN of those that were dropped, and where one
        cannot measure what a member predicts.

        Args:
            data: ``train``, ``val`` or ``test``; or rows, with the columns of the data set, and their labels.
            metrics: names of scorers; larger is better for all of them.
            now: with the weights of this moment in the place of those that predict, as :attr:`metrics` has it: NaN of
                those that do not train any more, or diverged.

        Raises:
            SettingsError: a metric is unknown, is not one of what the nets predict, or can measure nothing of the rows.
            DataError: there are no such rows.
        """
        X, y = self._rows(data) if isinstance(data, str) else data
        if now:
            healthy = [m for m in self._training.members if m not in self._training.diverged]
            nets = {m: self._net([self._training.weights(m)]) for m in healthy}
        else:
            nets = {m: self.net(m) for m in self.members}
        if column_keys(X) is None:
            # Rows are what the data set made of a frame's columns.
            nets = {m: dataclasses.replace(net, encoding=None) for m, net in nets.items()}
        require_known(metrics)
        where = "the rows to validate on" if data == "val" else "these rows"
        measured = {
            m: {name: score_or_nan(net, X, y, name, where) for name in metrics} for m, net in nets.items()
        }
        unknown = dict.fromkeys(metrics, np.nan)
        everyone = range(len(self.seeds))
        return {name: np.array([measured.get(m, unknown)[name] for m in everyone]) for name in metrics}

    def keep(self, *members: int) -> None:
        """Let the weights that members have now predict, whatever comes after; those that stopped or diverged keep
        theirs."""
        failing = self._training.diverged if members else {}
        for m in self._known(members):
            if m not in self._still and m not in failing:
                self._kept[m] = (self.epochs, self._training.weights(m))

    def kept_epoch(self, member: int) -> int:
        """After how many epochs a member had the weights that predict."""
        return self._kept[member][0] if member in self._kept else self.epochs

    def stop(self, *members: int) -> None:
        """Let members train no more: what they are, or what was kept of them, predicts."""
        training = [m for m in self._known(members) if m not in self._still]
        diverged = self.diverged if training else {}
        self._still |= {m: diverged.get(m) for m in training}
        self._kept |= {m: (self.epochs, self._training.weights(m)) for m in training if m not in self._kept}
        self._training.leave(training)

    def drop(self, *members: int) -> None:
        """Throw members away.

        Raises:
            SettingsError: nobody would be left, or one was never there.
        """
        gone = self._known(members)
        if set(gone) == set(self.members):
            raise SettingsError(f"drop: of {len(gone)} members nobody would be left; stop them, or keep one")
        self._training.leave([m for m in gone if m not in self._still])
        for m in gone:
            self._still.pop(m, None)
            self._kept.pop(m, None)

    def change(self, *members: int, learning_rate: Any = None, l2: float | None = None) -> None:
        """Let members go on with another learning rate, a number or a schedule of all steps, or another l2.

        Raises:
            SettingsError: nothing is told, it is impossible, or a member was dropped or trains no more.
        """
        told = {"learning_rate": learning_rate, "l2": l2}
        if all(value is None for value in told.values()):
            raise SettingsError("change: to what is not said; give a learning_rate, an l2 or both")
        self._training.change(
            {m: member_settings(self.settings[m], told) for m in self._training_now(members)}
        )

    def fork(self, member: int, *, learning_rate: Any = None, l2: float | None = None) -> int:
        """Let another member go on from what one is now, with its settings or other ones; gives its number."""
        (member,) = self._training_now([member])
        settings = member_settings(self.settings[member], {"learning_rate": learning_rate, "l2": l2})
        return self._training.fork(member, settings)

    def net(self, *members: int) -> CompleteNet:
        """What predicts: these members together, or all that were not dropped and did not diverge."""
        chosen = self._known(members) or [m for m in self.members if m not in self.diverged] or self.members
        return self._net([self._kept[m][1] if m in self._kept else self._training.weights(m) for m in chosen])

    def _net(self, each: Sequence[Parameters]) -> CompleteNet:
        """Nets of these weights together."""
        parameters = {name: np.concatenate([one[name] for one in each]) for name in each[0]}
        return complete(self._data, planner.network(self.settings[0], self._data), parameters, self.transform)

    def _note(self) -> None:
        """Take down how members do now."""
        names = [name for name in CURVES if name.partition("_")[0] in self._training.splits]
        self._entries.append(
            self._training.latest([n for n in names if self._data.classes or not n.endswith("accuracy")])
        )

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
        if name not in self._training.splits:
            raise DataError(f"{name}: there are no such rows; there are {', '.join(self._training.splits)}")
        part = self._training.splits[name]
        images, right, unit = np.asarray(part.images), part.labels, self._data.unit
        if unit is not None:
            return images, right * unit[1] + unit[0]
        return images, self._data.answers[right] if self._data.classes and right.ndim == 1 else right
