"""The functions of one adapter."""

from __future__ import annotations

from typing import NamedTuple

from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.penalties import OF_THE_SUM, PENALTIES


class Functions(NamedTuple):
    """The functions of one adapter; where ``gradient`` is None, the cost gives it back as its second value.

    Attributes:
        by_update: the gradient is a function that changes the parameters, and is seen by what it takes from them.
        usual_cost: where the file has no cost, one that is made of what ``cost``, a forward pass, gives:
            :func:`.usual_costs.usual_costs`.
        is_guessed: nothing but their use says that they are cost and gradient, and the file does not use them together;
            or it hands them what different forward passes give.
        penalty: what is added to a cost that takes no l2, beside a gradient that does: :data:`PENALTIES`, or
            :data:`NO_PENALTY`, with l2 at 0, or :data:`OF_ONE_SAMPLE`, or :data:`OF_THE_SUM`; empty where the cost
            stands as it is.
    """

    cost: Function
    gradient: Function | None = None
    forward: Function | None = None
    numeric: Function | None = None
    by_update: bool = False
    usual_cost: str = ""
    penalty: str = ""
    is_guessed: bool = False

    @property
    def unwritten(self) -> tuple[str, ...]:
        """Those of its cost and its gradient that are not written yet."""
        functions = {f.shown: f for f in (self.cost, self.gradient) if f is not None}
        return tuple(name for name, function in functions.items() if function.gives_nothing)

    @property
    def is_unwritten(self) -> bool:
        """Whether its gradient is not written yet: one that is may be wrong, whatever its cost is."""
        return (self.gradient or self.cost).gives_nothing

    @property
    def is_assumed(self) -> bool:
        """Whether something of the cost is not the file's own, or nothing says that it is the cost, so that it convicts
        nobody."""
        return bool(self.usual_cost) or self.penalty in (*PENALTIES, OF_THE_SUM) or self.is_guessed

    @property
    def pair(self) -> tuple[str, str]:
        """The cost and the gradient, as they are called."""
        return self.cost.shown, self.gradient.shown if self.gradient else ""

    @property
    def owner(self) -> str:
        """The class of the object of which some are methods; empty where none is."""
        return next((function.owner for function in self.given if function.owner), "")

    @property
    def shown(self) -> str:
        """The function that gives the gradient."""
        return (self.gradient or self.cost).shown

    @property
    def given(self) -> list[Function]:
        """Those that there are, the cost first."""
        return [function for function in (self.cost, self.gradient, self.forward, self.numeric) if function]
