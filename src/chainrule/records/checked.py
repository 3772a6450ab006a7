"""What a check found out about somebody's program, as plain versioned data."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from chainrule.records.base import FileRecord, Number, Record


class CheckedTensor(Record):
    """One parameter of a checked program, as :class:`chainrule.gradcheck.result.Tensor`."""

    name: str
    shape: list[int]
    verdict: Literal["right", "suspect", "wrong"]
    difference: Number
    largest: Number
    zero: bool
    checked: int
    kinks: int
    coverage: str


class CheckedCause(Record):
    """One explanation of what is wrong, as :class:`chainrule.gradcheck.result.Cause`; ``place`` and ``text`` are the
    line's, empty where it was not found."""

    name: str
    tensors: list[str]
    sure: float
    evidence: str
    repair: str
    place: str
    text: str


class CheckedFile(FileRecord):
    """What a check found out about somebody's program.

    Attributes:
        file: its name.
        headline: the outcome in a line.
        outcome: right, suspect, wrong, or did not run.
        causes: the most likely first.
        scheme: how the numeric gradient was taken.
        environment: command, versions and machine, where it was kept in a folder.
    """

    file: str
    headline: str
    outcome: Literal["right", "suspect", "wrong", "did not run"]
    tensors: list[CheckedTensor]
    causes: list[CheckedCause]
    notes: list[str]
    scheme: str
    environment: dict[str, Any] = Field(default_factory=dict)
