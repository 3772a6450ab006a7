"""Progress of long work: a bar with time left on a terminal, plain lines elsewhere, on standard error."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.progress import Progress

    from chainrule.work.progress import WorkProgress

_LINE_EVERY_S = 10.0


@contextlib.contextmanager
def progress(
    what: str, quiet: bool, note: Callable[[], str] = str, *, often_short: bool = False
) -> Iterator[WorkProgress]:
    """A function to call with how much is done and how much there is; ``note`` says more. Of what is ``often_short``
    no line is printed before ten seconds."""
    if quiet:
        yield lambda done, total: None
    elif can_be_drawn_over():
        with bar() as shown:
            task = shown.add_task(what, total=None)
            yield lambda done, total: shown.update(
                task, completed=done, total=total, description=what + note()
            )
    else:
        lines = ProgressLines(what, at_start=not often_short)
        yield lambda done, total: lines(done, total, note)


@contextlib.contextmanager
def once_begun(what: str, quiet: bool) -> Iterator[WorkProgress]:
    """The same for what may never begin, or begin anew, and is often short: nothing is shown before it is told of."""
    with contextlib.ExitStack() as shown:
        updates: list[WorkProgress] = []

        def update(done: int, total: int) -> None:
            if not updates or not done:
                shown.close()
                updates[:] = [shown.enter_context(progress(what, quiet, often_short=True))]
            updates[0](done, total)

        yield update


def can_be_drawn_over() -> bool:
    """Whether standard error is a terminal where what was drawn can be drawn over."""
    if not sys.stderr.isatty():
        return False
    from rich.console import Console

    return not Console(stderr=True).is_dumb_terminal


def bar() -> Progress:
    """A bar with time left, to be shown inside ``with``."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    left = (TextColumn("left"), TimeRemainingColumn())
    return Progress(*columns, *left, console=Console(stderr=True))


class ProgressLines:
    """A line every ten seconds and at the end; ``at_start`` too, unless it is not to be: then what is over within ten
    seconds has no line at all."""

    def __init__(self, what: str, *, at_start: bool = True) -> None:
        self._what = what
        self._start: tuple[float, int] | None = None
        self._last = -_LINE_EVERY_S if at_start else time.monotonic()
        self._told = at_start
        self._ended = False

    def __call__(self, done: int, total: int, note: Callable[[], str] = str) -> None:
        """Say how much is done, where it is time to, and the ``note``."""
        now = time.monotonic()
        if self._start is None:
            self._start = now, done
        if self._ended or (now - self._last < _LINE_EVERY_S and done < total):
            return
        self._ended = done >= total
        if self._ended and not self._told and now - self._last < _LINE_EVERY_S:
            return
        self._last, self._told = now, True
        began, before = self._start
        rate = (done - before) / (now - began) if now > began else 0.0
        left = f", {(total - done) / rate:.0f} s left" if rate > 0 and done < total else ""
        typer.echo(f"{self._what}: {100 * done // max(total, 1)}%{left}{note()}", err=True)
