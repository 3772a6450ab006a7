"""What the user is told on standard error about how nets are trained on this machine."""

from __future__ import annotations

from collections.abc import Iterable

import typer

from chainrule.train.engines import choice
from chainrule.work import processes


def notes(lines: Iterable[str | None], quiet: bool) -> None:
    """Print each line that there is as a note, once."""
    if not quiet:
        for line in dict.fromkeys(filter(None, lines)):
            typer.echo(f"note: {line}", err=True)


def beforehand(quiet: bool) -> None:
    """Say that the first step will wait for the compiler, and that there are no worker processes, where it is so."""
    notes([choice.waiting(), processes.note()], quiet)
