"""The training loop: P nets that see the same minibatches, trained together.

A single net is P = 1 on the same path. No member can influence another: they share inputs, never results.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import DTypeLike, NDArray

from chainrule.data.augmentation import Augmentation
from chainrule.data.batches import epoch_order
from chainrule.data.splits import Split
from chainrule.data.transforms.transform import Transform
from chainrule.errors import SettingsError
from chainrule.machine import compiler
from chainrule.nn.network import Network, Parameters
from chainrule.records.runs import EngineName
from chainrule.settings.settings import Settings, StoppingRule
from chainrule.train.engines import choice
from chainrule.train.engines.engine import Problem
from chainrule.train.journal import PopulationOutcome, Recorder
from chainrule.train.schedules.rates import rates
from chainrule.train.scoring import score
from chainrule.train.sharing import common
from chainrule.train.state import State
from chainrule.train.stopping import split_of


class Training:
    """P nets being trained by minibatch gradient descent, an epoch at a time.

    Attributes:
        members: their settings.
        epoch: passes over the training images so far.
        engine: what takes the steps.
    """

    def __init__(
        self,
        members: Sequence[Settings],
        seed: int,
        splits: Mapping[str, Split],
        transform: Transform,
        classes: int,
        dtype: DTypeLike = np.float32,
        start: State | None = None,
        engine: EngineName | None = None,
        inits: Sequence[int] | None = None,
        initial: Parameters | None = None,
        before: int = 0,
    ) -> None:
        """Start with one net for each of ``members``.

        Args:
            members: their settings, equal in everything that :data:`chainrule.train.sharing.SHARED` names.
            seed: of initial weights, and of the minibatches' order unless all seeds share one.
            splits: ``train``, ``val`` and ``test``; without ``val`` the last weights count as the best.
            transform: fitted on the training split.
            classes: number of classes, K.
            dtype: float32 to train, float64 to prove.
            start: where to go on, as :meth:`state` gave it; None: from initial weights.
            engine: ``compiled`` or ``layers``; None: compiled code where it can be had for these nets.
            inits: seeds of the initial weights and of dropout, one a member, as in an ensemble or where seeds share
                their order; None: ``seed``.
            initial: weights to begin with, (P, ...) each, which are trained in place; None: random ones.
            before: updates that these nets had before their first epoch, as on other rows: optimizers and means of
                weights go on counting from there.

        Raises:
            SettingsError: members that cannot share a population, or an engine that cannot train them.
        """
        self.members, self._shared, self._seed = members, common(members), seed
        self._data, shared = splits["train"], self._shared
        network = Network.of(shared, self._data.images.shape[1], classes)
        l2 = np.array([member.l2 for member in members])
        self._steps = -(-len(self._data) // shared.batch_size)
        self._before = before
        self._rate = np.stack([rates(m.learning_rate, self._steps, shared.epochs) for m in members], axis=1)
        if initial is None:
            inits_of = seed if inits is None else inits
            initial = network.initial(inits_of, [member.init for member in members], dtype)
        else:
            _require_shapes(network, initial)
        problem = Problem(
            network,
            initial,
            self._data,
            transform,
            shared.batch_size,
            self._rate,
            l2,
            shared.optimizer,
            [member.optimizer for member in members],
            smoothed=_given(members, "label_smoothing"),
            clip=_given(members, "clip"),
            dropout=_given(members, "dropout"),
            seeds=[seed] * len(members) if inits is None else inits,
            ema=_given(members, "ema"),
            augment=_augmentation(shared, self._order_seed, self._data),
            before=before,
        )
        self.engine: EngineName = engine or choice.chosen(members)
        taking_steps = self._engine = choice.engine(problem, self.engine)
        self._recorder = Recorder(
            network,
            # Of these alone: what refers to itself lies in memory until Python looks for such.
            lambda: taking_steps.parameters,
            splits,
            taking_steps.evaluate,
            l2,
            curves=shared.evaluate == "curves",
            rules=[_rule(member, splits) for member in members],
            score=lambda metric, m: score(
                network, taking_steps.parameters, transform, splits["val"], metric, m
            ),
        )
        self.epoch = 0
        if start is not None:
            self._recorder.restore(start.arrays)
            for name, array in self._engine.state.items():
                array[:] = start.arrays[f"optimizer.{name}"]
            self.epoch = start.epoch
        else:
            self._evaluate(self._recorder)

    def train_epoch(self) -> None:
        """Go once through the training images, then evaluate; once all have stopped early, epochs are only counted."""
        shared, count = self._shared, len(self._data)
        order = epoch_order(self._order_seed, self.epoch, count) if shared.shuffle else np.arange(count)
        taken, first = 0, self._updates
        # Overflow and NaN are how a diverging member shows; the journal looks for them.
        with np.errstate(over="ignore", invalid="ignore"):
            while taken < self._steps and not self._recorder.done:
                coming = order[taken * shared.batch_size :]
                done, failing = self._engine.descend(coming, first + taken, single=self._recorder.any_frozen)
                taken += done
                self._recorder.freeze(failing, first + taken - 1)
        self.epoch += 1
        self._evaluate(self._recorder)

    @property
    def _updates(self) -> int:
        """Those before the coming epoch."""
        return self._before + self.epoch * self._steps

    @property
    def _order_seed(self) -> int | None:
        """Whose order minibatches have; None: that of all seeds."""
        return None if self._shared.order == "shared" else self._seed

    def latest(self) -> dict[str, NDArray[np.float64]]:
        """How the nets do now, (P,) each, by the names of :data:`chainrule.records.runs.CURVES`."""
        return self._recorder.latest()

    def state(self) -> State:
        """Where training stands. Its arrays are those that training changes: use them before it goes on."""
        state = {f"optimizer.{name}": array for name, array in self._engine.state.items()}
        return State(self.epoch, self._recorder.arrays() | state)

    def outcome(self) -> PopulationOutcome:
        """What became of the nets; where curves are wanted, the test split is evaluated here, once.

        Before the last epoch the test split is left alone, and the validation split is evaluated for this outcome only:
        what training goes on from knows nothing of it.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            if self.epoch == self._shared.epochs:
                return self._recorder.outcome(test=self._shared.evaluate == "curves")
            aside = self._recorder.copy()
            if self._shared.evaluate == "validation":
                self._evaluate(aside, last=True)
            return aside.outcome(test=False)

    def _evaluate(self, recorder: Recorder, last: bool = False) -> None:
        """Let ``recorder`` take down how the nets do now."""
        steps = self._updates
        with np.errstate(over="ignore", invalid="ignore"):
            rate = self._rate[max(0, steps - self._before - 1)]
            recorder.evaluate(self.epoch, steps, rate, last=last or self.epoch == self._shared.epochs)


def train(
    members: Sequence[Settings],
    seed: int,
    splits: Mapping[str, Split],
    transform: Transform,
    classes: int,
    dtype: DTypeLike = np.float32,
    engine: EngineName | None = None,
) -> PopulationOutcome:
    """Train one net for each of ``members`` to the end; see :class:`Training`.

    Args:
        members, seed, splits, transform, classes, dtype, engine: as there.

    Two nets that differ in l2, on the same minibatches:

    >>> from chainrule.data import datasets, prepared
    >>> own = Settings(
    ...     train=500, val=100, test="test_batch", preprocess="center", init="he",
    ...     batch_size=20, epochs=3, shuffle=True, learning_rate=0.1,
    ... )
    >>> seen = prepared.prepare(own, datasets.load("digits"))
    >>> outcome = train([own, own.model_copy(update={"l2": 1.0})], 0, seen.splits, seen.transform, classes=10)
    >>> outcome.histories[0].epoch, outcome.last["W1"].shape
    ([0, 1, 2, 3], (2, 10, 64))
    >>> bool((abs(outcome.last["W1"][0]) > abs(outcome.last["W1"][1])).mean() > 0.5)  # l2 makes weights small
    True
    """
    training = Training(members, seed, splits, transform, classes, dtype, engine=engine)
    while training.epoch < members[0].epochs:
        training.train_epoch()
    return training.outcome()


def ready(dtype: DTypeLike = np.float32, *, weighted: bool = False) -> None:
    """Load, and once on a machine compile, what the first step would wait for: for those who take the time.

    Args:
        dtype: of all numbers.
        weighted: where samples have weights.
    """
    if compiler.available():
        from chainrule.train.engines.beforehand import ready

        ready(dtype, weighted=weighted)


def components_ready(dtype: DTypeLike = np.float32, *, weighted: bool = False) -> None:
    """The same for what compiled steps call by its address, such as losses and optimizers: a net waits for its own.

    Args:
        dtype: of all numbers.
        weighted: where samples have weights.
    """
    if compiler.available():
        from chainrule.train.engines.beforehand import components_ready

        components_ready(dtype, weighted=weighted)


def _given(members: Sequence[Settings], name: str) -> NDArray[np.float64] | None:
    """What every member has of a setting whose 0 stands for nothing, (P,); None where all have nothing."""
    values = np.array([getattr(member, name) for member in members], np.float64)
    return values if values.any() else None


def _rule(member: Settings, splits: Mapping[str, Split]) -> StoppingRule | None:
    """When a member stops early.

    Raises:
        SettingsError: what it watches is not measured.
    """
    rule = member.early_stopping
    if rule and split_of(rule.metric) not in splits:
        raise SettingsError(
            f"early_stopping.metric = {rule.metric!r}: there is nothing to validate on; set rows aside, or watch "
            "train_loss"
        )
    return rule


def _augmentation(shared: Settings, seed: int | None, data: Split) -> Augmentation | None:
    if shared.augment is None:
        return None
    if data.shape is None:
        raise SettingsError(
            "augment: nobody says how high and wide these images are; give the splits their shape"
        )
    return Augmentation(data.shape, shared.augment.flip, shared.augment.shift, seed)


def _require_shapes(network: Network, initial: Parameters) -> None:
    """Refuse weights to begin with that are not those of the network's layers: compiled code does not look."""
    wanted = network.initial(0, ["he"], np.float32)
    for name in {**wanted, **initial}:
        has, wants = (each[name].shape[1:] if name in each else None for each in (initial, wanted))
        if has != wants:
            raise SettingsError(
                f"initial {name}: has shape {has}, the net wants {wants}; give weights of such layers"
            )
