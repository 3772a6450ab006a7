"""A cause together with how its line is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from chainrule.gradcheck.result import Cause, Fault, Line


class Finding(NamedTuple):
    """A cause, whose fault it is, and how its line is found, once all else has been asked of the program."""

    cause: Cause
    fault: Fault
    line: Callable[[], Line | None]

    def located(self) -> Cause:
        """The cause with its line, if there is one."""
        line = self.line()
        if line is None:
            return self.cause
        return replace(self.cause, line=line, evidence=f"{line.place}, {self.cause.evidence}")


def located(findings: Sequence[Finding]) -> tuple[Cause, ...]:
    """The causes with their lines. Those of the diagnosis, which stand first, are looked for last: values put in the
    place of others may stay behind in what the user's code keeps."""
    causes = [finding.located() for finding in reversed(findings)]
    return tuple(reversed(causes))
