"""What is kept of a population while it trains: curves, best weights, and every member's last finite state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.data.splits import Split
from chainrule.nn.network import Network, Parameters
from chainrule.records.base import Number
from chainrule.records.runs import CURVES, Best, Divergence, History
from chainrule.settings.settings import StoppingRule
from chainrule.train.evaluate import Evaluation
from chainrule.train.stopping import Mask, MemberScore, Stopping


@dataclass(frozen=True)
class PopulationOutcome:
    """What became of P members; each list holds P entries, parameters lead with the member axis.

    Attributes:
        histories: their curves; null after a member diverged.
        final: metrics of the last weights, of the kept ones where a member diverged:
            ``{train,val,test}_{loss,accuracy}``.
        best: where validation accuracy was highest.
        diverged: None where it did not.
        last: the last weights, the kept ones where a member diverged.
        best_weights: those of ``best``.
        kept_epochs: of members that may stop early, the epoch whose weights are the last ones; None of others.
    """

    histories: list[History]
    final: list[dict[str, Number]]
    best: list[Best]
    diverged: list[Divergence | None]
    last: Parameters
    best_weights: Parameters
    kept_epochs: list[int | None]


class Recorder:
    """Evaluates P members as they train, and freezes those that diverge.

    A frozen member gets back the weights of the last evaluation at which everything was finite, and keeps them.
    """

    def __init__(
        self,
        network: Network,
        parameters: Callable[[], Parameters],
        splits: Mapping[str, Split],
        evaluate: Callable[[Split], Evaluation],
        l2: NDArray[np.float64],
        *,
        curves: bool,
        rules: Sequence[StoppingRule | None],
        score: MemberScore,
    ) -> None:
        """Watch over what ``parameters`` gives, the nets' as they are now, to be changed in place; l2 is (P,),
        ``evaluate`` measures all members.

        With ``curves`` every epoch and the test split at the end; else the validation split alone, at the end.
        Splits that are not there, or empty, are not evaluated. Where ``rules`` of stopping early watch anything, that
        and the validation split are measured in every epoch, as any of them may be the one that is kept; ``score`` says
        what is no curve.
        """
        self._rules, self._score, self._stopping = rules, score, Stopping(rules, score)
        self._wants_curves = curves
        self._network, self._parameters, self._l2 = network, parameters, l2
        self._splits, self._evaluate = splits, evaluate
        self._epochs: list[int] = []
        self._steps: list[int] = []
        self._rates: list[NDArray[np.float64]] = []
        self._curves: dict[str, list[NDArray[np.float64]]] = {name: [] for name in CURVES}
        self._kept, self._best = _copy(parameters()), _copy(parameters())
        self._best_accuracy = np.full(len(l2), -1.0)
        self._best_epoch = np.zeros(len(l2), int)
        self._frozen = np.zeros(len(l2), bool)
        self._diverged: list[Divergence | None] = [None] * len(l2)

    @property
    def any_frozen(self) -> bool:
        """Whether there are frozen members, which :meth:`freeze` has to hold after every step."""
        return bool(self._frozen.any())

    def freeze(self, failing: Mask, step: int) -> None:
        """Freeze the members of ``failing`` (P,), whose numbers stopped being finite at ``step``."""
        failing = failing & ~self._stopping.stopped
        if not (failing.any() or self._frozen.any()):
            return
        for member in np.flatnonzero(failing & ~self._frozen).tolist():
            kept_step = self._steps[self._kept_entry(member)] if self._steps else 0
            self._diverged[member] = Divergence(step=step, kept_step=kept_step)
        self._frozen |= failing
        _assign(self._parameters(), self._kept, self._frozen)

    def evaluate(self, epoch: int, step: int, rate: NDArray[np.float64], *, last: bool) -> None:
        """Add an entry to every curve that is wanted: after ``step`` updates, the last of them at ``rate`` (P,)."""
        if not (self._wants_curves or last or self._stopping.watching.any()) or self._epochs[-1:] == [epoch]:
            return
        entry = {} if self.done else self._measured()
        parameters = self._parameters()
        penalty = self._network.penalty(parameters, self._l2)
        entry |= {
            name.replace("loss", "cost"): entry[name] + penalty for name in entry if name.endswith("loss")
        }
        self.freeze(~(_finite(parameters) & np.isfinite(list(entry.values())).all(axis=0)), step)
        unknown, out = np.full(len(self._l2), np.nan), self._frozen | self._stopping.stopped
        for name, curve in self._curves.items():
            curve.append(np.where(out, np.nan, entry.get(name, unknown)))
        self._epochs.append(epoch)
        self._steps.append(step)
        self._rates.append(rate)
        if self.done:
            return
        better = ~out
        # Without a validation split, or of numbers, later weights count as better.
        if (accuracy := entry.get("val_accuracy")) is not None:
            better = better & (accuracy > self._best_accuracy)
            self._best_accuracy[better] = accuracy[better]
        self._best_epoch[better] = epoch
        _assign(self._best, parameters, better)
        watched = self._stopping.better(entry, epoch, self._frozen)
        _assign(self._kept, parameters, np.where(self._stopping.watching, watched, ~self._frozen))

    @property
    def done(self) -> bool:
        """Whether nobody is left to be trained, as some stopped early and the others, if any, are frozen."""
        stopped = self._stopping.stopped
        return bool(stopped.any() and (stopped | self._frozen).all())

    def _measured(self) -> dict[str, NDArray[np.float64]]:
        """What an evaluation is to say."""
        wanted = {"train", "val"} if self._wants_curves else {"val"} | self._stopping.splits
        return {name: values for split in sorted(wanted) for name, values in self._measure(split).items()}

    def _kept_entry(self, member: int) -> int:
        """Which entry of the curves the weights are of that are kept."""
        if not self._stopping.watching[member]:
            return len(self._steps) - 1
        return self._epochs.index(int(self._stopping.epoch[member]))

    def latest(self) -> dict[str, NDArray[np.float64]]:
        """The last entry of every curve, (P,): NaN where it is unknown, or a member diverged."""
        return {name: curve[-1] for name, curve in self._curves.items() if curve}

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that is kept and the parameters, by name, each leading with the member axis.

        ``now.W1``, ``kept.W1``, ``best.W1`` and so on: as the parameters, (P, ...). Of E entries of the curves
        ``curve.NAME``, ``epochs``, ``steps``, ``rates``: (P, E). ``best_accuracy``, ``best_epoch``, ``frozen``: (P,).
        ``diverged``: (P, 2), the step at which a member diverged and that of the weights kept, -1 where it did not.
        Where members may stop early ``watched.best``, ``watched.epoch`` and ``watched.stopped``, (P,).
        """
        count = len(self._l2)
        kinds = (("now", self._parameters()), ("kept", self._kept), ("best", self._best))
        weights = {f"{kind}.{name}": array for kind, group in kinds for name, array in group.items()}
        curves = {f"curve.{name}": _columns(entries, count) for name, entries in self._curves.items()}
        watched = {f"watched.{name}": getattr(self._stopping, name) for name in self._watched}
        return weights | curves | watched | {
            "epochs": np.tile(np.array(self._epochs, np.int64), (count, 1)),
            "steps": np.tile(np.array(self._steps, np.int64), (count, 1)),
            "rates": _columns(self._rates, count),
            "best_accuracy": self._best_accuracy,
            "best_epoch": self._best_epoch,
            "frozen": self._frozen,
            "diverged": np.array([(d.step, d.kept_step) if d else (-1, -1) for d in self._diverged]),
        }  # fmt: skip

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what :meth:`arrays` gave, which stays as it is; the parameters change in place."""
        everyone = np.ones(len(self._l2), bool)
        for kind, group in (("now", self._parameters()), ("kept", self._kept), ("best", self._best)):
            _assign(group, {name: arrays[f"{kind}.{name}"] for name in group}, everyone)
        self._epochs, self._steps = arrays["epochs"][0].tolist(), arrays["steps"][0].tolist()
        self._rates = list(arrays["rates"].T.copy())
        self._curves = {name: list(arrays[f"curve.{name}"].T.copy()) for name in CURVES}
        self._best_accuracy, self._best_epoch = arrays["best_accuracy"].copy(), arrays["best_epoch"].copy()
        self._frozen = arrays["frozen"].copy()
        for name in self._watched:
            getattr(self._stopping, name)[:] = arrays[f"watched.{name}"]
        self._diverged = [
            Divergence(step=step, kept_step=kept) if step >= 0 else None
            for step, kept in arrays["diverged"].tolist()
        ]

    @property
    def _watched(self) -> tuple[str, ...]:
        """What there is to be kept of who stops early; nothing where nobody does."""
        return ("best", "epoch", "stopped") if self._stopping.watching.any() else ()

    def copy(self) -> Recorder:
        """Another, of the same nets as they are now: what it takes down and freezes changes nothing here."""
        parameters = _copy(self._parameters())
        other = Recorder(
            self._network,
            lambda: parameters,
            self._splits,
            self._evaluate,
            self._l2,
            curves=self._wants_curves,
            rules=self._rules,
            score=self._score,
        )
        other.restore(self.arrays())
        return other

    def outcome(self, *, test: bool) -> PopulationOutcome:
        """All that was found out; with ``test`` the test split is evaluated here, once."""
        watching = self._stopping.watching
        _assign(self._parameters(), self._kept, watching)
        measured = self._measure("test") if test else {}
        members = range(len(self._l2))
        histories = [self._history(member) for member in members]
        return PopulationOutcome(
            histories=histories,
            final=[
                self._final(
                    histories[m],
                    self._kept_entry(m) if watching[m] else None,
                    {name: values[m] for name, values in measured.items()},
                )
                for m in members
            ],
            best=[
                Best(epoch=int(self._best_epoch[m]), val_accuracy=max(0.0, float(self._best_accuracy[m])))
                for m in members
            ],
            diverged=self._diverged,
            last=self._parameters(),
            best_weights=self._best,
            kept_epochs=[int(self._stopping.epoch[m]) if watching[m] else None for m in members],
        )

    def _measure(self, split: str) -> dict[str, NDArray[np.float64]]:
        if not len(self._splits.get(split, ())):
            return {}
        result = self._evaluate(self._splits[split])
        measured = {f"{split}_loss": result.loss, f"{split}_accuracy": result.accuracy}
        return {name: values for name, values in measured.items() if values is not None}

    def _history(self, member: int) -> History:
        curves: dict[str, Any] = {
            name: [_number(values[member]) for values in entries] for name, entries in self._curves.items()
        }
        rates = [float(rate[member]) for rate in self._rates]
        return History(epoch=self._epochs, step=self._steps, learning_rate=rates, **curves)

    @staticmethod
    def _final(history: History, entry: int | None, test: Mapping[str, float]) -> dict[str, Number]:
        """The metrics of the weights that were kept: those of that entry; None: the last finite ones."""
        final: dict[str, Number] = {}
        for name in ("train_loss", "train_accuracy", "val_loss", "val_accuracy"):
            curve = history.curve(name)
            finite = [value for value in (curve if entry is None else [curve[entry]]) if value is not None]
            final[name] = finite[-1] if finite else None
        return final | {"test_loss": None, "test_accuracy": None} | {n: _number(v) for n, v in test.items()}


def _number(value: float) -> Number:
    return float(value) if np.isfinite(value) else None


def _columns(entries: Sequence[NDArray[np.float64]], count: int) -> NDArray[np.float64]:
    """A curve's entries, (P,) each, as one array (P, entries)."""
    return np.stack(entries, axis=1) if entries else np.zeros((count, 0))


def _copy(parameters: Parameters) -> Parameters:
    return {name: array.copy() for name, array in parameters.items()}


def _assign(target: Parameters, source: Parameters, members: Mask) -> None:
    for name, array in target.items():
        array[members] = source[name][members]


def _finite(parameters: Parameters) -> Mask:
    """Which members hold finite numbers only, (P,)."""
    finite = [np.isfinite(array.reshape(len(array), -1)).all(axis=1) for array in parameters.values()]
    return np.asarray(np.all(finite, axis=0))
