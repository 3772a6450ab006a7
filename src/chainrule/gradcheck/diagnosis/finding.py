"""A cause together with how its line is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from chainrule.gradcheck.result import Cause, Fault, Line


class Finding(NamedTuple):
    """A cause, whose fault it is, and how its line is found, once all else has been asked of the program; not where the
    cause says it already."""

    cause: Cause
    fault: Fault
    line: Callable[[], Line | None]

    def located(self) -> Cause:
        """The cause with its line, if there is one."""
        line = self.cause.line or self.line()
        if line is None:
            return self.cause
        cause = self.cause if self.cause.line else with_line(self.cause, line)
        return replace(cause, evidence=f"{line.place}, {cause.evidence}")


def with_line(cause: Cause, line: Line) -> Cause:
    """A cause with its line; where it is known what makes the gradient right there, that is the repair."""
    written = f"write {line.right}: with it the gradient is right, wherever it was compared"
    return replace(cause, line=line, repair=written if line.right else cause.repair)


def located(findings: Sequence[Finding]) -> tuple[Cause, ...]:
    """The causes with their lines. Those of the diagnosis, which stand first, are looked for last: values put in the
    place of others may stay behind in what the user's code keeps."""
    causes = [finding.located() for finding in reversed(findings)]
    return tuple(reversed(causes))
