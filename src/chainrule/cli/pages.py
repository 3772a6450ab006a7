"""The page of a folder of results, where what draws it is installed."""

from __future__ import annotations

from pathlib import Path

from chainrule.cli import notices
from chainrule.errors import MissingExtraError
from chainrule.report.run import Run
from chainrule.work.progress import WorkProgress


def write_page(run: Run, quiet: bool, progress: WorkProgress = lambda done, total: None) -> Path | None:
    """Write a folder's page into it; None, and a note, where what draws it is not installed."""
    try:
        return run.write_page(progress)
    except MissingExtraError as error:
        notices.notes([str(error)], quiet)
        return None
