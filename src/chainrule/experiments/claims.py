"""A report's claims as predicates over what was measured: each is a record that reads from TOML and decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, NamedTuple

import numpy as np
from pydantic import Field

from chainrule.records.runs import History, Member
from chainrule.settings.strict import Strict

CurveName = Literal["train_loss", "train_cost", "train_accuracy", "val_loss", "val_cost", "val_accuracy"]
Quantity = Literal[
    "train_accuracy", "val_accuracy", "test_accuracy", "train_loss", "val_loss", "loss_gap", "accuracy_gap"
]
"""With the last weights; ``loss_gap``: validation minus training loss; ``accuracy_gap``: training minus validation
accuracy. ``val_accuracy`` of a search is its best score."""

RowNames = Annotated[tuple[str, ...], Field(strict=False, min_length=1)]

FiniteCurve = list[float]
"""The finite entries of one run's curve."""


class Measured(NamedTuple):
    """What claims are about: the members of every row, one a seed, and the best score of every search's replicates."""

    rows: Mapping[str, Sequence[Member]]
    searches: Mapping[str, Sequence[float]]


class Decision(NamedTuple):
    """Whether a claim held, and the figures that decided."""

    held: bool
    evidence: str


class Trend(Strict):
    """A claim on the course of curves: it holds when it holds for every row and curve named and every seed.

    Attributes:
        predicate: ``rises_at_times``: some entry lies above the one before; ``falls``, ``rises``: the last
            entry lies below, above the first one counted.
        from_epoch: the first entry counted.
    """

    text: str
    predicate: Literal["rises_at_times", "falls", "rises"]
    curves: Annotated[tuple[CurveName, ...], Field(strict=False, min_length=1)]
    rows: RowNames
    from_epoch: Annotated[int, Field(ge=0)] = 1

    @property
    def names(self) -> tuple[str, ...]:
        """Rows that the claim is about."""
        return self.rows

    def decide(self, measured: Measured) -> Decision:
        """Decide it."""
        decided = {
            curve: [
                _TRENDS[self.predicate](
                    [_finite_curve(m.history, curve, self.from_epoch) for m in measured.rows[row]]
                )
                for row in self.rows
            ]
            for curve in self.curves
        }
        held = all(held for decisions in decided.values() for held, _ in decisions)
        parts = (
            f"{curve} {', '.join(text for _, text in decisions)}" for curve, decisions in decided.items()
        )
        return Decision(held, "; ".join(parts))


class Waves(Strict):
    """A claim that curves go in waves: in the mean over seeds, every cycle ends below its middle.

    Attributes:
        cycle_epochs: epochs of a whole cycle of the learning rate.
    """

    text: str
    predicate: Literal["waves"]
    curves: Annotated[tuple[CurveName, ...], Field(strict=False, min_length=1)]
    rows: RowNames
    cycle_epochs: Annotated[int, Field(ge=2)]

    @property
    def names(self) -> tuple[str, ...]:
        """Rows that the claim is about."""
        return self.rows

    def decide(self, measured: Measured) -> Decision:
        """Decide it."""
        held, parts = True, []
        for row in self.rows:
            for curve in self.curves:
                runs = [_finite_curve(m.history, curve, 0) for m in measured.rows[row]]
                # A diverged run ends early: its seed tells nothing of later cycles, nor does the mean.
                shortest = min(map(len, runs))
                mean = np.mean([run[:shortest] for run in runs], axis=0)
                ends = mean[self.cycle_epochs :: self.cycle_epochs]
                middles = mean[self.cycle_epochs // 2 :: self.cycle_epochs][: len(ends)]
                held &= len(ends) > 0 and bool((ends < middles).all())
                parts.append(f"{curve} {_list(middles)} amid, {_list(ends)} at the end of cycles")
        return Decision(held, "; ".join(parts))


class Lower(Strict):
    """A claim that a row's mean over seeds lies below another row's."""

    text: str
    predicate: Literal["lower"]
    quantity: Quantity
    row: str
    than: str

    @property
    def names(self) -> tuple[str, ...]:
        """Rows or searches that the claim is about."""
        return self.row, self.than

    def decide(self, measured: Measured) -> Decision:
        """Decide it."""
        low, high = (_mean(measured, self.quantity, name) for name in self.names)
        return Decision(low < high, f"{self.quantity} {low:.4f} against {high:.4f}")


class Close(Strict):
    """A claim that two rows' means over seeds differ by ``within`` at most."""

    text: str
    predicate: Literal["close"]
    quantity: Quantity
    row: str
    to: str
    within: Annotated[float, Field(gt=0)]

    @property
    def names(self) -> tuple[str, ...]:
        """Rows or searches that the claim is about."""
        return self.row, self.to

    def decide(self, measured: Measured) -> Decision:
        """Decide it."""
        here, there = (_mean(measured, self.quantity, name) for name in self.names)
        evidence = f"{self.quantity} {here:.4f} against {there:.4f}, {self.within:g} allowed"
        return Decision(abs(here - there) <= self.within, evidence)


class About(Strict):
    """A claim that every row's mean over seeds lies within ``within`` of ``value``."""

    text: str
    predicate: Literal["about"]
    quantity: Quantity
    rows: RowNames
    value: float
    within: Annotated[float, Field(gt=0)]

    @property
    def names(self) -> tuple[str, ...]:
        """Rows or searches that the claim is about."""
        return self.rows

    def decide(self, measured: Measured) -> Decision:
        """Decide it."""
        means = [_mean(measured, self.quantity, name) for name in self.rows]
        evidence = f"{self.quantity} {_list(means)} against {self.value:g}, {self.within:g} allowed"
        return Decision(all(abs(mean - self.value) <= self.within for mean in means), evidence)


class GainsMore(Strict):
    """A claim that ``row`` gains more over ``base`` than ``than`` gains over ``than_base``."""

    text: str
    predicate: Literal["gains_more"]
    quantity: Quantity
    row: str
    base: str
    than: str
    than_base: str

    @property
    def names(self) -> tuple[str, ...]:
        """Rows or searches that the claim is about."""
        return self.row, self.base, self.than, self.than_base

    def decide(self, measured: Measured) -> Decision:
        """Decide it."""
        row, base, than, than_base = (_mean(measured, self.quantity, name) for name in self.names)
        evidence = f"{self.quantity} gains {row - base:.4f} against {than - than_base:.4f}"
        return Decision(row - base > than - than_base, evidence)


Claim = Annotated[Trend | Waves | Lower | Close | About | GainsMore, Field(discriminator="predicate")]


def _rises_at_times(runs: Sequence[FiniteCurve]) -> Decision:
    if min(map(len, runs)) < 2:
        return Decision(False, "has no two values to compare")
    rises = [int((np.diff(run) > 0).sum()) for run in runs]
    low, high = min(rises), max(rises)
    span = str(low) if low == high else f"{low} to {high}"
    return Decision(low > 0, f"rises in {span} of {max(map(len, runs)) - 1} epochs")


def _falls(runs: Sequence[FiniteCurve]) -> Decision:
    return Decision(all(len(run) > 1 and run[-1] < run[0] for run in runs), _ends(runs))


def _rises(runs: Sequence[FiniteCurve]) -> Decision:
    return Decision(all(len(run) > 1 and run[-1] > run[0] for run in runs), _ends(runs))


_TRENDS = {"rises_at_times": _rises_at_times, "falls": _falls, "rises": _rises}


def _ends(runs: Sequence[FiniteCurve]) -> str:
    """Mean over seeds of the first and the last entry."""
    if min(map(len, runs)) < 2:
        return "has no two values to compare"
    first, last = (np.mean([run[end] for run in runs]) for end in (0, -1))
    return f"{first:.3f} to {last:.3f}"


def _list(values: Sequence[float] | np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    return ", ".join(f"{value:.3f}" for value in values)


def _mean(measured: Measured, quantity: str, name: str) -> float:
    """Mean over seeds or replicates; NaN, for which no claim holds, where a value is missing."""
    if name in measured.searches:
        return float(np.mean(measured.searches[name])) if quantity == "val_accuracy" else np.nan
    return float(np.mean([_quantity(quantity, member.final) for member in measured.rows[name]]))


def _quantity(quantity: str, final: Mapping[str, float | None]) -> float:
    pairs = {"loss_gap": ("val_loss", "train_loss"), "accuracy_gap": ("train_accuracy", "val_accuracy")}
    values = [final[name] for name in pairs.get(quantity, (quantity,))]
    finite = [value for value in values if value is not None]
    if len(finite) < len(values):
        return np.nan
    return finite[0] - finite[1] if len(finite) == 2 else finite[0]


def _finite_curve(history: History, curve: str, from_epoch: int) -> FiniteCurve:
    pairs = zip(history.epoch, history.curve(curve), strict=True)
    return [value for epoch, value in pairs if epoch >= from_epoch and value is not None]
