"""What whoever asks for a check can say beside the file itself, in the words of the command line or of Python."""

from __future__ import annotations

from typing import NamedTuple

from chainrule.gradcheck.recognition.adapter import NAME


class Caller(NamedTuple):
    """How it is said what recognition cannot tell.

    Attributes:
        adapter: how the functions are called.
        pick: which of several gradients is meant; its number, counted from 1, stands in the place of the braces.
    """

    adapter: str
    pick: str


COMMAND_LINE = Caller(
    adapter=f"say how they are called: chainrule check --init FILE writes a {NAME} to start from",
    pick="--pick {}",
)
PYTHON = Caller(
    adapter=f"say how they are called: define {NAME}(rng) that returns dict(cost=..., gradient=..., parameters=..., "
    "data=...)",
    pick="pick={}",
)
