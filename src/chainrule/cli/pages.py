"""The page of a folder of results, where what draws it is installed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from chainrule.cli import notices
from chainrule.errors import MissingExtraError
from chainrule.machine.slowness import slowness
from chainrule.report.run import Run

DRAWN_S = 2.2
"""Seconds that the page takes, or a recipe's part of it, on one core of an AMD EPYC."""


def drawn_s(parts: int) -> float:
    """Seconds that so many parts take on this machine, as slow as it is at this moment."""
    return DRAWN_S * parts * slowness()


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
