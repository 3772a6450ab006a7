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
        evidence, repair = f"{line.place}, {self.cause.evidence}", self.cause.repair
        written = f"write {line.right}: "
        if line.right and not repair.startswith(written):
            repair = f"{written}with it the gradient is right, wherever it was compared"
        return replace(self.cause, line=line, evidence=evidence, repair=repair)


def located(findings: Sequence[Finding]) -> tuple[Cause, ...]:
    """The causes with their lines. Those of the diagnosis, which stand first, are looked for last: values put in the
    place of others may stay behind in what the user's code keeps."""
    causes = [finding.located() for finding in reversed(findings)]
    return tuple(reversed(causes))
