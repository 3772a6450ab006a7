"""A cause together with how its line is found."""

from __future__ import annotations

from collections.abc import Callable
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
