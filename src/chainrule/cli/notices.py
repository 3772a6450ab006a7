"""What the user is told on standard error about how nets are trained on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import typer

from chainrule.machine import compiler
from chainrule.train import engines
from chainrule.work import processes

_LOOPS = Path(engines.__file__).parent / "compiled_net.py"


def notes(lines: Iterable[str | None], quiet: bool) -> None:
    """Print each line that there is as a note, once."""
    if not quiet:
        for line in dict.fromkeys(filter(None, lines)):
            typer.echo(f"note: {line}", err=True)


def beforehand(quiet: bool) -> None:
    """Say that the first step will wait for the compiler, and that there are no worker processes, where it is so."""
    notes([compiler.note(_LOOPS, ("steps", "evaluate")), processes.note()], quiet)
