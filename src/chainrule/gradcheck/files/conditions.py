"""Under which conditions a file is checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chainrule.gradcheck.sandbox.process import Limits


@dataclass(frozen=True)
class Conditions:
    """How a file is checked; of a folder, all of its files.

    Attributes:
        limits: what each may take.
        seed: of all that is drawn.
        untrusted: run only what this system can confine.
        explained: look for causes and lines; without, the outcome is the same, and found sooner.
        against: the file whose cost, parameters and data count in the place of their own; of several gradients the
            first one is held against it.
        pick: the number of the only gradient that is checked, counted from 1; None: all of them.
        drawn: with the computation as a graph, and with the differences from central and forward ones.
        repaired: look for repairs of what is wrong.
    """

    limits: Limits
    seed: int = 0
    untrusted: bool = True
    explained: bool = True
    against: Path | None = None
    pick: int | None = None
    drawn: bool = False
    repaired: bool = False
