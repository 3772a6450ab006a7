"""What the user is told on standard error about how nets are trained on this machine."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

import typer

from chainrule.settings.settings import Settings
from chainrule.text import one_line
from chainrule.train.engines import choice
from chainrule.work import processes


def notes(lines: Iterable[str | None], quiet: bool) -> None:
    """Print each line that there is as a note, once."""
    if not quiet:
        for line in dict.fromkeys(filter(None, lines)):
            typer.echo(f"note: {line}", err=True)


@contextlib.contextmanager
def as_notes(quiet: bool) -> Iterator[None]:
    """Print what is warned of inside as notes, each once, as soon as it is known."""

    # Python's own memory of them is lost wherever filters of warnings change, as in scikit-learn.
    told: set[str] = set()

    def show(message: Any, *_: Any, **__: Any) -> None:
        line = one_line(str(message))
        notes([line] if line not in told else [], quiet)
        told.add(line)

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = show
        yield


def beforehand(members: Iterable[Settings], quiet: bool, *, weighted: bool = False) -> None:
    """Say that the first step will wait for the compiler, and that there are no worker processes, where it is so.

    Args:
        members: nets that are trained.
        quiet: say nothing.
        weighted: whether samples have weights.
    """
    notes([choice.waiting(members, weighted=weighted), processes.note()], quiet)
