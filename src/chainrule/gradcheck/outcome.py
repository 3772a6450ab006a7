"""The outcome of a check: a verdict for every tensor, and the causes, most likely first."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from chainrule.gradcheck import rendering
from chainrule.gradcheck.computation import ComputationGraph
from chainrule.gradcheck.result import Cause, Fault, MethodDifference, Repair, Tensor, Verdict

IF_ASSUMED = ", if its cost is the one that was assumed (see the note)"
_IF_ORDERED = ", if its arrays come back in the order that was guessed (see the note)"


@dataclass(frozen=True)
class Check:
    """The outcome of a check.

    Attributes:
        verdict: right, suspect or wrong, over all tensors and all that was tried.
        fault: what is wrong: the gradient, the cost, one of the two, the user's own numeric check or the update; None
            when right.
        tensors: one verdict for each parameter.
        causes: most likely first; not empty when the verdict is wrong.
        notes: what was assumed, and what a reader should know.
        scheme: how the numeric gradient was taken.
        cost: J at the given parameters.
        analytic: False when the gradient is itself a numeric difference.
        name: what was checked, as a message calls it: a gradient, or a layer's backward pass.
        guessed_order: the order in which the gradients come back was guessed; a note says how.
        order: that order, where shapes alone do not settle it: the place of each parameter's gradient.
        assumed_cost: the program has no cost, and a usual one was assumed; a note says which.
        tried: where the gradient was compared, beside what stands in ``tensors``: ``N of 1, 2 and 7``; empty where it
            is wrong at the given point.
        not_tried: where it could not be, with the reason.
        unchecked: what of it was not checked though it may be wrong in it: parameters without a gradient, settings that
            it is written for; of a right one its headline says so.
        undone: what was left undone when time was up.
        points: at how many points the gradient was compared; 0 where it was not entry by entry.
        repairs: changes of the source with which the program is right, where they were asked for; several are ties.
        unrepaired: what was tried in vain, where none was found.
        interrupted: the search of a repair was, so that more may be found.
        hints: what is said in the place of causes (:mod:`chainrule.gradcheck.hints`).
        computation: the values of both ways, where they were asked for.
        differences: the gradient beside central and forward differences, where they were asked for.

    >>> outcome = Check("right", None, ())
    >>> bool(outcome), outcome.headline
    (True, 'the gradient is right')
    >>> Check("right", None, (), unchecked=("train of False",)).headline
    'the gradient is right as far as it was checked; not checked: train of False'
    """

    verdict: Verdict
    fault: Fault | None
    tensors: tuple[Tensor, ...]
    causes: tuple[Cause, ...] = ()
    notes: tuple[str, ...] = ()
    scheme: str = ""
    cost: float = float("nan")
    analytic: bool = True
    name: str = "gradient"
    guessed_order: bool = False
    order: tuple[int, ...] = ()
    assumed_cost: bool = False
    tried: tuple[str, ...] = ()
    not_tried: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    points: int = 0
    repairs: tuple[Repair, ...] = ()
    unrepaired: str = ""
    interrupted: bool = False
    hints: tuple[str, ...] = ()
    computation: ComputationGraph | None = None
    differences: tuple[MethodDifference, ...] = ()

    @property
    def right(self) -> bool:
        """Whether nothing was found."""
        return self.verdict == "right"

    @property
    def whole(self) -> bool:
        """Whether everything that it can do was checked."""
        return not self.unchecked

    def __bool__(self) -> bool:
        return self.right

    @property
    def tied(self) -> tuple[Cause, ...]:
        """The causes that are as likely as the first."""
        return tuple(cause for cause in self.causes if cause.sure == self.causes[0].sure)

    def as_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON knows."""
        repairs = [repair.as_dict() for repair in self.repairs]
        ties = [cause.name for cause in self.tied[1:]]
        differences = [{**own._asdict(), "gap": asdict(own.gap)} for own in self.differences]
        told = {"right": self.right, "ties": ties, "repairs": repairs, "differences": differences}
        return asdict(self) | told

    @property
    def headline(self) -> str:
        """The outcome in one line."""
        if self.right:
            kinks = sum(tensor.kinks for tensor in self.tensors)
            at_kinks = f" ({kinks} entries at kinks)" if kinks else ""
            left = ", ".join(self.unchecked)
            in_part = f" as far as it was checked; not checked: {left}" if left else ""
            given = IF_ASSUMED * self.assumed_cost + _IF_ORDERED * self.guessed_order
            return f"the {self.name} is right{at_kinks}{given}{in_part}"
        said = "is wrong" if self.verdict == "wrong" else "is suspect"
        named = f": {self.causes[0].name}" if self.causes else ""
        return f"the {self.fault or self.name} {said}{named}"

    @property
    def told(self) -> tuple[str, ...]:
        """The notes, what was tried, and what could not be."""
        tried = (f"tried: {'; '.join(self.tried)}",) if self.tried else ()
        return (*self.notes, *tried, *(f"not tried: {words}" for words in self.not_tried))

    def __str__(self) -> str:
        against = f"against {self.scheme}; cost {self.cost:.6g}"
        mended = rendering.BesideCauses(self.repairs, self.unrepaired, self.hints)
        return rendering.text(self.headline, self.causes, self.tensors, against, self.told, mended)

    def _repr_html_(self) -> str:
        mended = rendering.BesideCauses(self.repairs, self.unrepaired, self.hints)
        return rendering.html(self.headline, self.causes, self.tensors, self.told, mended)
