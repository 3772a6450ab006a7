"""What is known of a bug: one record, to which everything refers that finds it, names it or explains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chainrule.gradcheck.result import Cause


@dataclass(frozen=True)
class Bug:
    """A kind of bug.

    Attributes:
        name: by which it is known everywhere; it never changes.
        what: what it is, in a line.
        why: how it comes about, and what it does to the gradient.
        wrong: lines that have it.
        right: what stands there when it is mended.
        repair: the hint to whoever wrote it: what to change, in a line.
    """

    name: str
    what: str
    why: str
    wrong: str
    right: str
    repair: str

    def cause(self, tensors: Sequence[str], sure: float, evidence: str, repair: str = "") -> Cause:
        """The bug as the cause of what is wrong with some tensors.

        Args:
            tensors: the parameters whose gradients it explains.
            sure: how sure, 0 to 1.
            evidence: what was measured.
            repair: where it is another than the bug's usual one.
        """
        return Cause(self.name, tuple(tensors), sure, evidence, repair or self.repair)
