"""Progress of long work: a bar with time left on a terminal, plain lines elsewhere, on standard error."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

import typer

if TYPE_CHECKING:
    from rich.progress import Progress

    from chainrule.work.progress import WorkProgress

LINE_EVERY_S = 10.0


class ShowProgress(Protocol):
    """Called with how much is done and how much there is; and the seconds left, where they are known better than by
    the speed so far."""

    def __call__(self, done: int, total: int, left_s: float | None = None) -> None: ...


@contextlib.contextmanager
def progress(what: str, quiet: bool, note: Callable[[], str] = str) -> Iterator[ShowProgress]:
    """A function to call with how much is done; ``note`` says more."""
    if quiet:
        yield lambda done, total, left_s=None: None
    elif can_be_drawn_over():
        with bar() as shown:
            task = shown.add_task(what, total=None)

            def update(done: int, total: int, left_s: float | None = None) -> None:
                description = what + note()
                shown.update(task, completed=done, total=total, description=description, ends=ends(left_s))

            yield update
    else:
        lines = ProgressLines(what)
        yield lambda done, total, left_s=None: lines(done, total, left_s, note)


@contextlib.contextmanager
def once_begun(what: str, quiet: bool) -> Iterator[WorkProgress]:
    """The same for what may never begin, or begin anew: nothing is shown before it is told of."""
    with contextlib.ExitStack() as shown:
        updates: list[WorkProgress] = []

        def update(done: int, total: int) -> None:
            if not updates or not done:
                shown.close()
                updates[:] = [shown.enter_context(progress(what, quiet))]
            updates[0](done, total)

        yield update


def can_be_drawn_over() -> bool:
    """Whether standard error is a terminal where what was drawn can be drawn over."""
    if not sys.stderr.isatty():
        return False
    from rich.console import Console

    return not Console(stderr=True).is_dumb_terminal


def bar() -> Progress:
    """A bar with time left, to be shown inside ``with``; see :func:`ends`."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    from chainrule.cli.time_left import TimeLeftColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    return Progress(*columns, TextColumn("left"), TimeLeftColumn(), console=Console(stderr=True))


def ends(left_s: float | None) -> float | None:
    """The field ``ends`` of a bar's task: when it ends, by the monotonic clock; None is by its speed so far."""
    return None if left_s is None else time.monotonic() + left_s


class ProgressLines:
    """A line every ten seconds at most, so none of what is done sooner."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._start: tuple[float, int] | None = None
        self._last = time.monotonic()

    def __call__(
        self, done: int, total: int, left_s: float | None = None, note: Callable[[], str] = str
    ) -> None:
        """Say how much is done, where it is time to, and the ``note``."""
        now = time.monotonic()
        if self._start is None:
            self._start = now, done
        if now - self._last < LINE_EVERY_S:
            return
        self._last = now
        began, before = self._start
        if left_s is None and done > before:
            left_s = (now - began) * (total - done) / (done - before)
        left = "" if left_s is None or done >= total else f", {left_s:.0f} s left"
        typer.echo(f"{self._what}: {100 * done // max(total, 1)}%{left}{note()}", err=True)
