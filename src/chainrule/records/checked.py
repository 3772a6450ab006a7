"""What a check found out about somebody's program, as plain versioned data."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from chainrule.records.base import Environment, FileRecord, Number, Record
from chainrule.records.gradients import MeasuredDifference

CheckOutcome = Literal["right", "suspect", "wrong", "not checked", "did not run", "left out"]
"""What comes of a file; as in :mod:`chainrule.gradcheck.files.submissions`."""


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
    line's, empty where it was not found. ``code``: the lines around it, of which the first has the number ``first`` and
    the wrong one ``number``; none where they are not kept."""

    name: str
    tensors: list[str]
    sure: float
    evidence: str
    repair: str
    place: str
    text: str
    code: list[str] = Field(default_factory=list)
    first: int = 0
    number: int = 0


class CheckedRepair(Record):
    """A change of the source with which it is right, as :class:`chainrule.gradcheck.result.Repair`; ``headline`` says
    at how many points."""

    headline: str
    patch: str


class CheckedEntry(Record):
    """An entry of a wrong value, as :class:`chainrule.gradcheck.computation.EntryBeside`."""

    index: list[int]
    given: Number
    true: Number


class CheckedValue(Record):
    """A value of a computation, as :class:`chainrule.gradcheck.computation.ComputedValue`."""

    name: str
    way: Literal["forward", "backward"]
    place: str
    text: str
    shapes: list[list[int]]
    turns: int
    state: Literal["right", "wrong", "follows"]
    entries: list[CheckedEntry]
    true_shape: list[int] | None
    turn: int
    derivative_of: int | None


class CheckedComputation(Record):
    """The values of a computation, as :class:`chainrule.gradcheck.computation.ComputationGraph`."""

    values: list[CheckedValue]
    edges: list[Annotated[list[int], Field(min_length=2, max_length=2)]]
    count: int

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        places = [*(place for edge in self.edges for place in edge)]
        places += [value.derivative_of for value in self.values if value.derivative_of is not None]
        if any(not 0 <= place < len(self.values) for place in places):
            raise ValueError("a value that is not there")
        return self


class CheckedFile(FileRecord):
    """What a check found out about somebody's program.

    Attributes:
        file: its name.
        headline: the outcome in a line.
        outcome: right, suspect, wrong, not checked, did not run, or left out.
        causes: the most likely first.
        scheme: how the numeric gradient was taken.
        environment: command, versions and machine, where it was kept in a folder.
        computation: the values of both ways, where they were asked for.
        repairs: where they were asked for.
        unrepaired: what was tried in vain, where none was found.
        hints: in the place of causes, where these are not to be said.
        differences: the gradient beside central and forward differences, where they were asked for.
    """

    file: str
    headline: str
    outcome: CheckOutcome
    tensors: list[CheckedTensor]
    causes: list[CheckedCause]
    notes: list[str]
    scheme: str
    environment: Environment = Field(default_factory=dict)
    computation: CheckedComputation | None = None
    repairs: list[CheckedRepair] = Field(default_factory=list)
    unrepaired: str = ""
    hints: list[str] = Field(default_factory=list)
    differences: list[MeasuredDifference] = Field(default_factory=list)


class CheckedRow(Record):
    """A row of the table of a folder, as :class:`chainrule.gradcheck.files.submissions.SubmissionRow`.

    Attributes:
        check: everything that was found; None when it did not run.
        settled: whether no more can be found out: its causes have been looked for, and it had all its time.
        page: the same for a page.
    """

    submission: str
    file: str
    outcome: CheckOutcome
    cause: str
    line: str
    words: str
    repair: str
    parameters: list[str]
    seconds: float
    check: dict[str, Any] | None
    traceback: str
    timed_out: bool
    failed: bool
    settled: bool
    page: CheckedFile


class CheckedSubmission(FileRecord):
    """The rows of one submission.

    Attributes:
        key: a digest of its contents and of all else that they follow from.
    """

    key: str
    rows: list[CheckedRow]
