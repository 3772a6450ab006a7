"""Where the gradients of a file are asked about one at a time, and which of them are meant."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from chainrule.errors import CheckError
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.recognition.callers import Caller
from chainrule.gradcheck.recognition.recognised import Recognised


class GradientSource(Protocol):
    """Where gradients are that can be asked about one at a time: a file in a process of its own, or this process."""

    path: Path
    gradients: list[Recognised]
    caller: Caller

    def choose(self, number: int, variant: int | None = None) -> None:
        """As of :class:`chainrule.gradcheck.sandbox.remote.RemoteProgram`."""

    def take_turn(self, part: float) -> None:
        """As of :class:`chainrule.gradcheck.sandbox.remote.RemoteProgram`."""


def chosen(source: GradientSource, conditions: Conditions) -> list[int]:
    """The places of the gradients that are meant.

    Raises:
        CheckError: there is none of the number that was picked.
    """
    every = list(range(len(source.gradients)))
    if conditions.pick is None:
        return [first_that_runs(source)] if conditions.against is not None else every
    if not 1 <= conditions.pick <= len(every):
        listed = ", ".join(f"{place + 1} {source.gradients[place].gradient}" for place in every)
        picked = source.caller.pick.format(conditions.pick)
        raise CheckError(f"{picked}: there is no such gradient; the file has {listed}")
    return [conditions.pick - 1]


def first_that_runs(source: GradientSource) -> int:
    """The place of the first gradient that can be checked."""
    return next((place for place, gradient in enumerate(source.gradients) if gradient.runs), 0)


def doubt(source: GradientSource, place: int) -> str:
    """Why a gradient is not checked, and how to have it checked all the same."""
    recognised, caller = source.gradients[place], source.caller
    if recognised.is_unwritten:
        return recognised.doubt
    if recognised.runs:
        return f"{recognised.doubt}: {caller.pick.format(place + 1)}"
    return f"{recognised.doubt}; {caller.adapter}"
