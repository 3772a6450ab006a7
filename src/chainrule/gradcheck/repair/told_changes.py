"""The changes that causes tell without having verified them: one that has written out a setting is right with this
value of it alone, and is not told."""

from __future__ import annotations

import inspect
import linecache
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from chainrule.gradcheck.catalogue import BUGS
from chainrule.gradcheck.program.interface import Patch, SourceLine
from chainrule.gradcheck.repair.named_numbers import NamedNumber, named_numbers, settings_written
from chainrule.gradcheck.result import Cause


def without_settings(
    causes: Sequence[Cause], settings: Callable[[], Sequence[NamedNumber]]
) -> tuple[Cause, ...]:
    """Causes that say in general what to change where the change that was found may have written out a setting.

    Args:
        settings: gives the named numbers; not called where no cause tells a change.

    >>> from chainrule.gradcheck.result import Line
    >>> line = Line("net.py", 4, "dx = d", right="dx = d / 2")
    >>> cause = Cause("wrong-factor", ("x",), 1.0, "", "write dx = d / 2", line)
    >>> for text in ("def mean(x, size=2): ...", "def mean(x, size=3): ..."):
    ...     (told,) = without_settings([cause], lambda: named_numbers(text))
    ...     print(told.repair)
    every factor of the way forward belongs on the way back, once
    write dx = d / 2
    """
    numbers = settings() if any(cause.line and cause.line.right for cause in causes) else []
    return tuple(
        replace(cause, repair=BUGS[cause.name].repair) if _writes_one(cause, numbers) else cause
        for cause in causes
    )


def settings_beside(function: Callable[..., Any]) -> list[NamedNumber]:
    """The named numbers of the file in which a function of this process stands; none where there is no such."""
    try:
        file = inspect.getsourcefile(inspect.unwrap(function))
    except TypeError:
        return []
    return named_numbers("".join(linecache.getlines(file))) if file else []


def _writes_one(cause: Cause, numbers: Sequence[NamedNumber]) -> bool:
    line = cause.line
    if line is None or not line.right or cause.name not in BUGS:
        return False
    change = Patch(0, "scale", SourceLine(line.file, line.number, line.text), line.right)
    return bool(settings_written([change], numbers))
