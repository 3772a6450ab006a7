"""What may be a repair: changes of the source, and how far they are from what the user wrote."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from chainrule.gradcheck.program.applied_edits import size
from chainrule.gradcheck.program.interface import Patch
from chainrule.gradcheck.program.patches import KINDS
from chainrule.gradcheck.result import TextEdit


@dataclass(frozen=True)
class PossibleRepair:
    """Changes that may be a repair together.

    Attributes:
        parts: each of them, with how it is written.
        of_cost: whether it is the cost that they mend.
        misshapen: the parameters whose gradients had other shapes than they, and keep them.
    """

    parts: tuple[tuple[Patch, tuple[TextEdit, ...]], ...]
    of_cost: bool = False
    misshapen: tuple[str, ...] = ()

    @property
    def patches(self) -> tuple[Patch, ...]:
        """The changes."""
        return tuple(patch for patch, _ in self.parts)

    @property
    def edits(self) -> tuple[TextEdit, ...]:
        """How they are written."""
        return tuple(edit for _, edits in self.parts for edit in edits)

    @cached_property
    def distance(self) -> tuple[int, int, int]:
        """How far it is from what is meant: how many gradients it leaves in other shapes than their parameters', how
        many words it changes, and how unlikely a slip it undoes."""
        return len(self.misshapen), size(self.edits), sum(KINDS.index(patch.kind) for patch in self.patches)

    @property
    def length(self) -> int:
        """How many characters it writes."""
        return sum(len(edit.after) for edit in self.edits)
