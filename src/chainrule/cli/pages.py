"""The page of a folder of results, where what draws it is installed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chainrule.cli import notices
from chainrule.errors import MissingExtraError
from chainrule.machine.slowness import slowness
from chainrule.report.run import Run

PAGE_S = 1.0
"""Processor seconds of the page, or of a recipe's part of it, on one core of an AMD EPYC."""
_FILES_S, _FIRST_S = 2.0, 0.9
"""The same of a recipe's figures as files, and of what draws them until it has begun."""


@dataclass(frozen=True)
class DrawingTime:
    """What is drawn after the work: parts of the page, and before it figures of recipes as files."""

    parts: int
    recipes: int = 0

    @property
    def files_s(self) -> float:
        """Seconds of the files, at the speed of the machine that our constants are from."""
        return _FIRST_S + _FILES_S * self.recipes if self.recipes else 0.0

    @property
    def files_share(self) -> float:
        """The share of the files in all of it."""
        return self.files_s / (self.files_s + PAGE_S * self.parts)

    def seconds(self) -> float:
        """How long it takes on this machine, as slow as it is at this moment."""
        return (self.files_s + PAGE_S * self.parts) * slowness()


def write_page(run: Run, quiet: bool, share: Callable[[float], None] = lambda done: None) -> Path | None:
    """Write a folder's page into it; None, and a note, where what draws it is not installed.

    Args:
        run: the folder.
        quiet: print no note.
        share: called with how much of the page is drawn, from 0 to 1.
    """
    try:
        return run.write_page(share)
    except MissingExtraError as error:
        notices.notes([str(error)], quiet)
        return None
