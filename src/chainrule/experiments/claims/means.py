"""Claims on quantities over seeds: which is higher, whether two are equivalent, who gains more.

Rows of a table are trained with the same seeds and are compared seed by seed; searches have runs of their own.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from chainrule.experiments.claims.base import (
    FEW,
    MISSING,
    Decision,
    Margin,
    Measured,
    Quantity,
    RowNames,
    Statement,
    finite,
)
from chainrule.statistics import MeanDifference, all_hold, of_differences


class OfSearches(Statement):
    """A claim that may be about searches too, as far as they are known: by their best validation accuracy."""

    quantity: Quantity

    @property
    def of_searches(self) -> bool:
        """Whether it may name searches."""
        return self.quantity == "val_accuracy"


class Ordered(OfSearches):
    """A claim that a row lies above or below another one.

    It holds where the 95% interval of the mean difference lies on the claim's side of 0, which is where the interval of
    the probability lies above 0.5; it cannot be told where the interval holds 0. Under three runs the means decide.

    >>> measured = Measured(rows={}, searches={"a": [0.40, 0.41, 0.42], "b": [0.30, 0.31, 0.32]})
    >>> claim = Ordered(text="", predicate="higher", quantity="val_accuracy", row="a", than="b")
    >>> print(claim.decide(measured).evidence)
    val_accuracy 0.4100 against 0.3100: higher with probability 1.00 [0.99, 1.00]
    """

    predicate: Literal["higher", "lower"]
    row: str
    than: str

    @property
    def names(self) -> tuple[str, ...]:
        """Rows or searches that the claim is about."""
        return self.row, self.than

    def decide(self, measured: Measured) -> Decision:
        """Decide it."""
        upper, under = self.names if self.predicate == "higher" else self.names[::-1]
        difference = measured.difference(self.quantity, upper, under)
        return _above(difference, _against(measured, self.quantity, *self.names), self.predicate)


class Equivalent(OfSearches):
    """A claim that two rows do not differ by more than ``margin``, by two one-sided t-tests at 5%.

    >>> measured = Measured(rows={}, searches={"a": [0.40, 0.41, 0.42], "b": [0.30, 0.31, 0.32]})
    >>> claim = Equivalent(text="", predicate="equivalent", quantity="val_accuracy", row="a", to="b", margin=0.05)
    >>> print(claim.decide(measured).evidence)
    val_accuracy 0.4100 against 0.3100: a difference of 0.1000 [0.0826, 0.1174], 0.05 allowed
    """

    REPLACED: ClassVar = {"predicate = 'close'": 'write "equivalent", with margin in the place of within'}

    predicate: Literal["equivalent"]
    row: str
    to: str
    margin: Margin

    @property
    def names(self) -> tuple[str, ...]:
        """Rows or searches that the claim is about."""
        return self.row, self.to

    def decide(self, measured: Measured) -> Decision:
        """Decide it."""
        difference = measured.difference(self.quantity, self.row, self.to)
        if difference is None:
            return Decision(None, MISSING)
        means = _against(measured, self.quantity, *self.names)
        evidence = f"{means}: a difference of {_interval(difference)}, {self.margin:g} allowed"
        return Decision(difference.within(self.margin), evidence)


class About(OfSearches):
    """A claim that every row's mean does not lie further than ``margin`` from ``value``, by the same tests.

    >>> measured = Measured(rows={}, searches={"a": [0.40, 0.41, 0.42], "b": [0.30, 0.31, 0.32]})
    >>> claim = About(text="", predicate="about", quantity="val_accuracy", rows=["a"], value=0.4, margin=0.05)
    >>> print(claim.decide(measured).evidence)
    val_accuracy 0.4100 against 0.4: away by 0.0100 [-0.0069, 0.0269], 0.05 allowed
    """

    REPLACED: ClassVar = {"within": "write it as margin"}

    predicate: Literal["about"]
    rows: RowNames
    value: float
    margin: Margin

    @property
    def names(self) -> tuple[str, ...]:
        """Rows or searches that the claim is about."""
        return self.rows

    def decide(self, measured: Measured) -> Decision:
        """Decide it."""
        samples = [finite(measured.values(self.quantity, name)) for name in self.rows]
        known = [sample for sample in samples if sample is not None]
        if len(known) < len(samples):
            return Decision(None, MISSING)
        gaps = [of_differences(np.subtract(sample, self.value).tolist()) for sample in known]
        means = ", ".join(f"{np.mean(sample):.4f}" for sample in known)
        away = ", ".join(map(_interval, gaps))
        evidence = f"{self.quantity} {means} against {self.value:g}: away by {away}, {self.margin:g} allowed"
        return Decision(all_hold(gap.within(self.margin) for gap in gaps), evidence)


class Insignificant(OfSearches):
    """A claim that a t-test at 5% does not tell a row's gain over another one from 0.

    >>> measured = Measured(rows={}, searches={"a": [0.40, 0.41, 0.42], "b": [0.30, 0.31, 0.32]})
    >>> claim = Insignificant(text="", predicate="insignificant", quantity="val_accuracy", row="a", over="b")
    >>> print(claim.decide(measured).evidence)
    val_accuracy 0.4100 against 0.3100: a gain of 0.1000, p = 0.00026
    """

    predicate: Literal["insignificant"]
    row: str
    over: str

    @property
    def names(self) -> tuple[str, ...]:
        """Rows or searches that the claim is about."""
        return self.row, self.over

    def decide(self, measured: Measured) -> Decision:
        """Decide it."""
        difference = measured.difference(self.quantity, self.row, self.over)
        if difference is None:
            return Decision(None, MISSING)
        gain = f"{_against(measured, self.quantity, *self.names)}: a gain of {difference.mean:z.4f}"
        if difference.freedom == 0:
            return Decision(None, f"{gain}, of which so few runs say nothing")
        return Decision(not difference.sign, f"{gain}, p = {difference.p_value:.2g}")


class GainsMore(Statement):
    """A claim that ``row`` gains more over ``base`` than ``than`` gains over ``than_base``.

    >>> from chainrule.records.runs import Member
    >>> scores = {"a": [0.5, 0.6, 0.8], "none": [0.1, 0.2, 0.3], "b": [0.2, 0.3, 0.4]}
    >>> rows = {
    ...     row: [Member.model_construct(final={"val_accuracy": score}) for score in seeds]
    ...     for row, seeds in scores.items()
    ... }
    >>> names = {"row": "a", "base": "none", "than": "b", "than_base": "none"}
    >>> GainsMore(text="", predicate="gains_more", quantity="val_accuracy", **names).decide(Measured(rows)).held
    True
    """

    predicate: Literal["gains_more"]
    quantity: Quantity
    row: str
    base: str
    than: str
    than_base: str

    @property
    def names(self) -> tuple[str, ...]:
        """Rows that the claim is about."""
        return self.row, self.base, self.than, self.than_base

    def decide(self, measured: Measured) -> Decision:
        """Decide it."""
        samples = [finite(measured.values(self.quantity, name)) for name in self.names]
        row, base, than, than_base = (np.array(sample or [np.nan]) for sample in samples)
        if None in samples:
            return Decision(None, MISSING)
        ours, theirs = row - base, than - than_base
        means = f"{self.quantity} gains {ours.mean():z.4f} against {theirs.mean():z.4f}"
        return _above(of_differences((ours - theirs).tolist()), means, "more")


def _above(difference: MeanDifference | None, means: str, word: str) -> Decision:
    """Whether a difference lies above 0, ``word`` being what it then is."""
    if difference is None:
        return Decision(None, MISSING)
    sign = difference.sign
    held = None if sign is None else sign > 0
    if difference.freedom == 0:
        return Decision(held, f"{means}; {FEW}")
    value, low, high = difference.above
    if difference.deviation == 0:
        return Decision(held, f"{means}: {word} with probability {value:g}, the runs do not vary")
    return Decision(held, f"{means}: {word} with probability {value:.2f} [{low:.2f}, {high:.2f}]")


def _against(measured: Measured, quantity: Quantity, first: str, second: str) -> str:
    samples = (finite(measured.values(quantity, name)) for name in (first, second))
    ours, theirs = ("missing" if sample is None else f"{np.mean(sample):z.4f}" for sample in samples)
    return f"{quantity} {ours} against {theirs}"


def _interval(difference: MeanDifference) -> str:
    """A difference with its 90% interval, which decides about equivalence."""
    if difference.freedom == 0:
        return f"{difference.mean:z.4f} ({FEW})"
    half = difference.half_width(0.9)
    return f"{difference.mean:z.4f} [{difference.mean - half:z.4f}, {difference.mean + half:z.4f}]"
