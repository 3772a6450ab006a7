"""The checker held against the corpus: what it should have said, and what it said."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from chainrule.gradcheck import Check, check_gradient
from support.corpus.mutation import Mutation, build
from support.corpus.nets import Net
from support.corpus.right import USUAL_NETS, right_program


@dataclass(frozen=True)
class Run:
    """One wrong program on one net.

    Attributes:
        program, shape, seed: which.
        accepted: the causes that are right.
        verdict: the checker's; "error" with the message in ``named`` when it raised.
        named: the causes that it puts first: one, or several that it calls ties.
        every: all causes that it gives.
        line: the number of the line that it names, or None.
        lines: the numbers that are right, or None where no single line is wrong.
        seconds: how long it took.
    """

    program: str
    shape: str
    seed: int
    accepted: tuple[str, ...]
    verdict: str
    named: tuple[str, ...]
    every: tuple[str, ...]
    line: int | None
    lines: tuple[int, ...] | None
    seconds: float

    @property
    def found(self) -> bool:
        """Whether anything was found; refusing a program is not finding its bug."""
        return self.verdict in ("wrong", "suspect")

    @property
    def cause_right(self) -> bool:
        """Whether a right cause comes first, alone or among named ties."""
        return bool(set(self.named) & set(self.accepted))

    @property
    def by_tie(self) -> bool:
        """Whether it is right only because a tie was named."""
        return self.cause_right and self.named[0] not in self.accepted

    @property
    def all_named(self) -> bool:
        """Whether every one of several bugs is among the causes given."""
        return set(self.every) >= set(self.accepted)

    @property
    def line_right(self) -> bool | None:
        """Whether a right line was named; None where none is asked for."""
        return None if self.lines is None else self.line in self.lines

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return asdict(self) | {
            "found": self.found,
            "cause_right": self.cause_right,
            "line_right": self.line_right,
        }


def judge(mutation: Mutation, net: Net, seed: int) -> Run:
    """Check one wrong program on one net."""
    program = build(mutation.base, net, mutation)
    beside = {what: program[what] for what in mutation.gives}
    lines = tuple(sorted(mutation.expected_lines)) if mutation.single else None
    start = time.perf_counter()
    verdict, named, every, line = _said(program, beside, mutation)
    seconds = time.perf_counter() - start
    return Run(
        mutation.name, net.shape.name, seed, mutation.causes, verdict, named, every, line, lines, seconds
    )


def _said(
    program: dict[str, Any], beside: dict[str, Any], mutation: Mutation
) -> tuple[str, tuple[str, ...], tuple[str, ...], int | None]:
    try:
        outcome = check(program, beside)
    except Exception as error:  # a checker that falls over has found nothing
        return "error", (f"{type(error).__name__}: {error}",), (), None
    ties = [cause for cause in outcome.tied if cause.tensors == outcome.causes[0].tensors]
    right = next((cause for cause in ties if cause.name in mutation.causes), ties[0] if ties else None)
    line = right.line.number if right is not None and right.line is not None else None
    every = tuple(cause.name for cause in outcome.causes)
    return outcome.verdict, tuple(cause.name for cause in ties), every, line


def check(program: dict[str, Any], beside: dict[str, Any]) -> Check:
    """The checker on a program of the corpus."""
    return check_gradient(
        program["cost"], program["gradient"], program["parameters"], *program["data"], **beside
    )  # fmt: skip


def false_alarm(seed: int, bases: Sequence[str] = USUAL_NETS) -> str | None:
    """What the checker holds against a right program, or None."""
    words, program = right_program(seed, bases)
    beside = {what: program[what] for what in ("update", "numeric") if what in program}
    try:
        outcome = check(program, beside)
    except Exception as error:
        return f"{words}: {type(error).__name__}: {error}"
    if outcome.right:
        return None
    return f"{words}: {outcome.verdict}, {', '.join(cause.name for cause in outcome.causes)}"
