"""Claims on the course of curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from chainrule.experiments.claims.base import (
    CurveName,
    CurveNames,
    Decision,
    FiniteCurve,
    Margin,
    Measured,
    RowNames,
    Statement,
    finite_curve,
)
from chainrule.statistics import all_hold, of_differences, paired

FirstEpoch = Annotated[int, Field(ge=0)]
OfRuns = Callable[[Sequence[FiniteCurve]], Decision]
"""Decides about one curve of a row, given one run a seed."""

_SHORT = "has no two values to compare"


class Trend(Statement):
    """A claim on the course of curves: it holds when it holds for every row and curve named and every seed.

    Attributes:
        predicate: ``rises_at_times``: some entry lies above the one before; ``falls``, ``rises``: the last entry lies
            below, above the first one counted; ``always_falls``, ``always_rises``: every entry lies below, above the
            one before.
        from_epoch: the first entry counted.

    >>> from chainrule.records.runs import History, Member
    >>> curve = History.model_construct(epoch=[0, 1, 2, 3, 4], train_loss=[2.3, 1.9, 2.0, 1.5, 1.2])
    >>> measured = Measured({"a": [Member.model_construct(history=curve)]})
    >>> Trend(text="", predicate="always_falls", curves=["train_loss"], rows=["a"]).decide(measured)
    Decision(held=False, evidence='train_loss falls in 2 of 3 epochs (in all of them with 0 of 1 seeds)')
    """

    predicate: Literal["rises_at_times", "falls", "rises", "always_falls", "always_rises"]
    curves: CurveNames
    rows: RowNames
    from_epoch: FirstEpoch = 1

    @property
    def names(self) -> tuple[str, ...]:
        """Rows that the claim is about."""
        return self.rows

    def decide(self, measured: Measured) -> Decision:
        """Decide it."""
        return _every_curve(measured, self.rows, self.curves, self.from_epoch, _TRENDS[self.predicate])


class Flat(Statement):
    """A claim that curves are flat: in every row, curve and seed all entries lie within ``margin`` of each other.

    >>> from chainrule.records.runs import History, Member
    >>> curve = History.model_construct(epoch=[0, 1, 2, 3, 4], train_loss=[2.3, 1.52, 1.5, 1.5, 1.5])
    >>> measured = Measured({"a": [Member.model_construct(history=curve)]})
    >>> Flat(text="", predicate="flat", curves=["train_loss"], rows=["a"], margin=0.1).decide(measured)
    Decision(held=True, evidence='train_loss moves within 0.0200, 0.1 allowed')
    """

    predicate: Literal["flat"]
    curves: CurveNames
    rows: RowNames
    margin: Margin
    from_epoch: FirstEpoch = 1

    @property
    def names(self) -> tuple[str, ...]:
        """Rows that the claim is about."""
        return self.rows

    def decide(self, measured: Measured) -> Decision:
        """Decide it."""
        return _every_curve(measured, self.rows, self.curves, self.from_epoch, self._flat)

    def _flat(self, runs: Sequence[FiniteCurve]) -> Decision:
        if min(map(len, runs)) < 2:
            return Decision(False, _SHORT)
        widest = max(max(run) - min(run) for run in runs)
        return Decision(widest <= self.margin, f"moves within {widest:.4f}, {self.margin:g} allowed")


class Waves(Statement):
    """A claim that curves go in waves: every cycle of the rate ends better than its middle, over seeds.

    Better is below for losses and costs, above for accuracies. It cannot be told where the 95% interval of the mean
    difference over seeds holds 0 for some cycle.

    Attributes:
        cycle_epochs: epochs of a whole cycle of the learning rate.

    >>> from chainrule.records.runs import History, Member
    >>> curve = History.model_construct(epoch=[0, 1, 2, 3, 4], train_loss=[2.3, 2.5, 1.5, 1.9, 1.4])
    >>> measured = Measured({"a": [Member.model_construct(history=curve)]})
    >>> Waves(text="", predicate="waves", curves=["train_loss"], rows=["a"], cycle_epochs=2).decide(measured)
    Decision(held=True, evidence='train_loss 2.500, 1.900 amid, 1.500, 1.400 at the end of cycles')
    """

    predicate: Literal["waves"]
    curves: CurveNames
    rows: RowNames
    cycle_epochs: Annotated[int, Field(ge=2)]

    @property
    def names(self) -> tuple[str, ...]:
        """Rows that the claim is about."""
        return self.rows

    def decide(self, measured: Measured) -> Decision:
        """Decide it."""
        outcomes: list[bool | None] = []
        parts = []
        for row in self.rows:
            for curve in self.curves:
                runs = _equally_long([finite_curve(m.history, curve, 0) for m in measured.rows[row]])
                ends = runs[:, self.cycle_epochs :: self.cycle_epochs]
                middles = runs[:, self.cycle_epochs // 2 :: self.cycle_epochs][:, : ends.shape[1]]
                gains = ends - middles if curve.endswith("accuracy") else middles - ends
                signs = [of_differences(cycle.tolist()).sign for cycle in gains.T]
                outcomes += [None if sign is None else sign > 0 for sign in signs] or [False]
                amid, last = (", ".join(f"{v:.3f}" for v in part.mean(0)) for part in (middles, ends))
                parts.append(f"{curve} {amid} amid, {last} at the end of cycles")
        return Decision(all_hold(outcomes), "; ".join(parts))


class SameCurves(Statement):
    """A claim that two rows' curves do not differ: after no epoch by more than ``margin``.

    After every epoch the mean difference over seeds is tested for equivalence, by two one-sided t-tests at 5%; all must
    pass, so that the whole is a test at 5%.

    >>> from chainrule.records.runs import History, Member
    >>> losses = {"a": [2.3, 1.9, 1.5], "b": [2.8, 1.92, 1.54]}
    >>> curves = {row: History.model_construct(epoch=[0, 1, 2], train_loss=own) for row, own in losses.items()}
    >>> measured = Measured({row: [Member.model_construct(history=curve)] for row, curve in curves.items()})
    >>> claim = SameCurves(text="", predicate="same_curves", curves=["train_loss"], row="a", to="b", margin=0.1)
    >>> claim.decide(measured)
    Decision(held=True, evidence='train_loss differs by 0.0400 at most (after epoch 2); 0.1 allowed')
    """

    predicate: Literal["same_curves"]
    curves: CurveNames
    row: str
    to: str
    margin: Margin
    from_epoch: FirstEpoch = 1

    @property
    def names(self) -> tuple[str, ...]:
        """Rows that the claim is about."""
        return self.row, self.to

    def decide(self, measured: Measured) -> Decision:
        """Decide it."""
        decisions = [self._same(measured, curve) for curve in self.curves]
        evidence = "; ".join(decision.evidence for decision in decisions)
        return Decision(
            all_hold(decision.held for decision in decisions), f"{evidence}; {self.margin:g} allowed"
        )

    def _same(self, measured: Measured, curve: CurveName) -> Decision:
        runs = [
            [finite_curve(m.history, curve, self.from_epoch) for m in measured.rows[row]]
            for row in self.names
        ]
        both = _equally_long([run for own in runs for run in own])
        first, second = both[: len(runs[0])], both[len(runs[0]) :]
        if first.shape[1] == 0:
            return Decision(None, f"{curve} has no values to compare")
        gaps = [paired(a.tolist(), b.tolist()) for a, b in zip(first.T, second.T, strict=True)]
        widest = max(range(len(gaps)), key=lambda epoch: abs(gaps[epoch].mean))
        evidence = f"{curve} differs by {abs(gaps[widest].mean):.4f} at most (after epoch {widest + self.from_epoch})"
        return Decision(all_hold(gap.within(self.margin) for gap in gaps), evidence)


def _every_curve(
    measured: Measured,
    rows: Sequence[str],
    curves: Sequence[CurveName],
    from_epoch: int,
    decide: OfRuns,
) -> Decision:
    """Decide about each curve of each row; all must hold."""
    decided = {
        curve: [
            decide([finite_curve(m.history, curve, from_epoch) for m in measured.rows[row]]) for row in rows
        ]
        for curve in curves
    }
    held = all_hold(held for decisions in decided.values() for held, _ in decisions)
    parts = (f"{curve} {', '.join(text for _, text in decisions)}" for curve, decisions in decided.items())
    return Decision(held, "; ".join(parts))


def _rises_at_times(runs: Sequence[FiniteCurve]) -> Decision:
    if min(map(len, runs)) < 2:
        return Decision(False, _SHORT)
    rises = [int((np.diff(run) > 0).sum()) for run in runs]
    return Decision(min(rises) > 0, f"rises in {_span(rises)} of {max(map(len, runs)) - 1} epochs")


def _in_the_end(runs: Sequence[FiniteCurve], sign: int) -> Decision:
    if min(map(len, runs)) < 2:
        return Decision(False, _SHORT)
    first, last = (np.mean([run[end] for run in runs]) for end in (0, -1))
    return Decision(all((run[-1] - run[0]) * sign > 0 for run in runs), f"{first:.3f} to {last:.3f}")


def _always(runs: Sequence[FiniteCurve], word: str, sign: int) -> Decision:
    """Whether every step goes one way; how many do, and with how many seeds all of them."""
    if min(map(len, runs)) < 2:
        return Decision(False, _SHORT)
    steps = [np.diff(run) * sign > 0 for run in runs]
    whole = sum(bool(run.all()) for run in steps)
    text = f"{word} in {_span([int(run.sum()) for run in steps])} of {max(map(len, steps))} epochs"
    if whole < len(runs):
        text += f" (in all of them with {whole} of {len(runs)} seeds)"
    return Decision(whole == len(runs), text)


_TRENDS: dict[str, OfRuns] = {
    "rises_at_times": _rises_at_times,
    "falls": partial(_in_the_end, sign=-1),
    "rises": partial(_in_the_end, sign=1),
    "always_falls": partial(_always, word="falls", sign=-1),
    "always_rises": partial(_always, word="rises", sign=1),
}


def _span(counts: Sequence[int]) -> str:
    low, high = min(counts), max(counts)
    return str(low) if low == high else f"{low} to {high}"


def _equally_long(runs: Sequence[FiniteCurve]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Runs (S, E) up to where the first of them ends: a diverged seed tells nothing of later epochs, nor do means."""
    shortest = min(map(len, runs))
    return np.array([run[:shortest] for run in runs], np.float64).reshape(len(runs), shortest)
