"""The verdict on a gradient, from points at which it was compared and what they were found to say."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from chainrule.errors import CheckError
from chainrule.gradcheck.diagnosis.diagnose import Case, Diagnosis, Terms, diagnose
from chainrule.gradcheck.diagnosis.guarded_log import Unguarded, unguarded
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.numeric.differences import taylor_order
from chainrule.gradcheck.result import Tensor, Verdict


@dataclass(frozen=True)
class JudgedGradient:
    """A verdict, and what it was reached from.

    Attributes:
        case: the points.
        diagnosis: whose fault it is, without causes.
        verdict: on the gradient.
        remainder: what decided a small difference, in words.
        meant: the cost whose gradient this is, where that is not the user's.
    """

    case: Case
    diagnosis: Diagnosis
    verdict: Verdict
    remainder: tuple[str, ...] = ()
    meant: Unguarded | None = None

    @property
    def shown(self) -> CheckedPoint:
        """The point whose figures are shown: the given one, unless it is right and another is wrong."""
        given, *others = self.case.points
        if given.verdict != "right":
            return given
        return next((other for other in others if other.verdict == "wrong"), given)

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """The figures; those of a gradient that is right enough say so."""
        if self.meant is None:
            return tuple(self.shown.tensors)
        return tuple(replace(tensor, verdict="right", worst=()) for tensor in self.shown.tensors)

    def refuse_flat(self) -> None:
        """Refuse a cost whose gradient lies below rounding in every parameter.

        Raises:
            CheckError: it does.
        """
        flat = all(tensor.zero for tensor in self.shown.tensors) and not self.diagnosis.fault
        if flat and self.shown.scheme != "complex step":
            raise CheckError(
                "the cost: changes by less than its rounding in every parameter; check it where its gradient is not 0, "
                "or scale it up"
            )


def judged(case: Case, rng: np.random.Generator, terms: Terms) -> JudgedGradient:
    """Judge the gradient."""
    meant = unguarded(case, rng)
    if meant is not None:
        return JudgedGradient(case, Diagnosis(None, [], case.read_at_given), "right", meant=meant)
    diagnosis = diagnose(case, replace(terms, explained=False))
    before = JudgedGradient(case, diagnosis, "right")
    shown = before.shown
    if diagnosis.fault and any(checked.verdict == "wrong" for checked in case.points):
        return replace(before, verdict="wrong")
    verdict, remainder = _settled(shown, rng) if shown.verdict == "suspect" else (shown.verdict, ())
    return replace(before, verdict="wrong" if diagnosis.fault == "cost" else verdict, remainder=remainder)


def _settled(checked: CheckedPoint, rng: np.random.Generator) -> tuple[Verdict, tuple[str, ...]]:
    """A small difference: the order of the Taylor remainder tells whether the gradient is right."""
    if checked.scheme == "complex step":
        return "suspect", (
            "the difference is small but real: an epsilon in only one of cost and gradient, or single precision?",
        )
    try:
        order = taylor_order(checked.point, checked.analytic, rng)
    except CheckError:
        return "suspect", ()
    said = f"the Taylor remainder falls with order {order:.2f}; 2 is right, 1 is wrong"
    return "right" if order > 1.8 else "wrong" if order < 1.2 else "suspect", (said,)
