"""What a user's process can reply with: an answer, problems that we found, or what the user's code raised."""

from __future__ import annotations

from typing import Any, NamedTuple

from chainrule.gradcheck.recognition.recognised import Recognised, Variant


class Answer(NamedTuple):
    """The answer to a request."""

    value: Any


class Started(NamedTuple):
    """The file has been run.

    Attributes:
        notes: what was left out and stood in for, in words.
        gradients: those that the file has, at least one that can be checked.
        missing: the measures of confinement that this system does not give (:mod:`.confine`).
    """

    notes: list[str]
    gradients: list[Recognised]
    missing: list[str]


class Problems(NamedTuple):
    """What was given cannot be checked.

    Attributes:
        messages: a line for each problem.
        module: which is missing and may be why; empty where it is none.
    """

    messages: list[str]
    module: str


class Raised(NamedTuple):
    """An exception of the user's code.

    Attributes:
        kind: its type's name.
        message: its type and what it says, in a line.
        file, line, function: where it was raised; empty and 0 outside of the user's files.
        module: which is missing; empty where that is not the reason.
        traceback: from the user's first line on.
    """

    kind: str
    message: str
    file: str
    line: int
    function: str
    module: str
    traceback: str


RECORDS = (Answer, Started, Recognised, Variant, Problems, Raised)
