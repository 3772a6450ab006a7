"""What a claim is, what it may look at, and what a decision is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from chainrule.records.base import Number
from chainrule.records.runs import History, Member
from chainrule.settings.settings import Settings
from chainrule.settings.strict import Strict
from chainrule.statistics import FEWEST, MeanDifference, paired, welch

CurveName = Literal["train_loss", "train_cost", "train_accuracy", "val_loss", "val_cost", "val_accuracy"]
Quantity = Literal[
    "train_accuracy", "val_accuracy", "test_accuracy", "train_loss", "val_loss", "loss_gap", "accuracy_gap",
    "train_loss_roughness", "val_loss_roughness",
]  # fmt: skip
"""With the last weights; ``loss_gap``: validation minus training loss; ``accuracy_gap``: training minus validation
accuracy; ``*_loss_roughness``: see :func:`roughness`. ``val_accuracy`` of a search is its best score."""

EntriesOf = Literal["weights", "gradients"]
RowNames = Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
CurveNames = Annotated[tuple[CurveName, ...], Field(strict=False, min_length=1)]
Margin = Annotated[float, Field(gt=0)]

FiniteCurve = list[float]
"""The finite entries of one run's curve."""

EntriesByRow = Callable[[EntriesOf, str], Sequence[NDArray[Any]]]


def _no_entries(of: EntriesOf, row: str) -> Sequence[NDArray[Any]]:
    raise LookupError(f"{of} of {row}: no nets are at hand")


@dataclass(frozen=True)
class Measured:
    """What claims are about.

    Attributes:
        rows: the members of every row, one a seed, in the same order of seeds.
        searches: the best score of every search's replicates.
        settings: of every row.
        inputs: numbers of an image, the inputs of the first layer.
        outputs: those of the last layer.
        entries: called with a row, all entries of W1, or of dJ/dW1 over the training split, with the last weights: one
            array a seed. Read only when asked for.
    """

    rows: Mapping[str, Sequence[Member]]
    searches: Mapping[str, Sequence[float]] = field(default_factory=dict)
    settings: Mapping[str, Settings] = field(default_factory=dict)
    inputs: int = 0
    outputs: int = 1
    entries: EntriesByRow = _no_entries

    def values(self, quantity: Quantity, name: str) -> list[Number]:
        """One value a seed of a row, or a replicate of a search; None where it is missing."""
        if name in self.searches:
            return list[Number](self.searches[name])
        return [value_of(member, quantity) for member in self.rows[name]]

    def difference(self, quantity: Quantity, first: str, second: str) -> MeanDifference | None:
        """The first mean minus the second: of rows seed by seed, else of runs apart; None: a value is missing."""
        ours, theirs = finite(self.values(quantity, first)), finite(self.values(quantity, second))
        if ours is None or theirs is None:
            return None
        return (paired if {first, second} <= self.rows.keys() else welch)(ours, theirs)


class Decision(NamedTuple):
    """Whether a claim held, and the figures that decided.

    None cannot be told: the interval of a difference holds 0, or the margin lies within it; a value is missing, of a
    run that diverged. Under three runs the means alone decide, save where a claim needs an interval.
    """

    held: bool | None
    evidence: str


MISSING = "a value is missing, of a run that diverged"
FEW = f"under {FEWEST} runs the means alone decide"


class Statement(Strict):
    """What all claims have in common.

    Attributes:
        text: the claim in words.
        supposed: the report only supposes it, and did not try.
    """

    text: str
    supposed: bool = False

    @property
    def of_searches(self) -> bool:
        """Whether it may name searches, of which nothing but the best score is known."""
        return False

    @property
    def names(self) -> tuple[str, ...]:
        """Rows or searches that the claim is about."""
        raise NotImplementedError

    def decide(self, measured: Measured) -> Decision:
        """Decide it."""
        raise NotImplementedError

    def contradictions(self, settings: Mapping[str, Settings]) -> list[str]:
        """What the rows' settings rule out."""
        del settings
        return []


def value_of(member: Member, quantity: Quantity) -> Number:
    """A quantity of one net; None where it is missing.

    >>> value_of(Member.model_construct(final={"val_loss": 1.75, "train_loss": 1.5}), "loss_gap")
    0.25
    """
    if quantity == "train_loss_roughness":
        return roughness(finite_curve(member.history, "train_loss", 1))
    if quantity == "val_loss_roughness":
        return roughness(finite_curve(member.history, "val_loss", 1))
    pairs = {"loss_gap": ("val_loss", "train_loss"), "accuracy_gap": ("train_accuracy", "val_accuracy")}
    values = [member.final[name] for name in pairs.get(quantity, (quantity,))]
    known = finite(values)
    if known is None:
        return None
    return known[0] - known[1] if len(known) == 2 else known[0]


def roughness(curve: FiniteCurve) -> Number:
    """Which share of a curve's way goes up: sum of rises / sum of rises and falls, None of a curve that never moves.

    0 where it falls all the way, 0.5 where it ends as high as it began; a curve's scale is of no account.

    >>> roughness([4.0, 2.0, 1.0]), roughness([4.0, 2.0, 3.0, 2.0]), roughness([1.0, 1.0])
    (0.0, 0.25, None)
    """
    steps = np.diff(curve)
    way = float(np.abs(steps).sum())
    return float(steps[steps > 0].sum()) / way if way else None


def finite(values: Sequence[Number]) -> list[float] | None:
    """The values, None where one is missing or there are none.

    >>> finite([0.5, 0.25]), finite([0.5, None]), finite([])
    ([0.5, 0.25], None, None)
    """
    known = [value for value in values if value is not None]
    return known if known and len(known) == len(values) else None


def finite_curve(history: History, curve: str, from_epoch: int) -> FiniteCurve:
    """The finite entries from an epoch on: those before a divergence.

    >>> curve = History.model_construct(epoch=[0, 1, 2, 3], train_loss=[2.3, 1.9, 1.8, None])
    >>> finite_curve(curve, "train_loss", from_epoch=1)
    [1.9, 1.8]
    """
    pairs = zip(history.epoch, history.curve(curve), strict=True)
    return [value for epoch, value in pairs if epoch >= from_epoch and value is not None]
