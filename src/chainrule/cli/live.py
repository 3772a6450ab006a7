"""A search while it runs: the best trials and time left, live on a terminal, as plain lines elsewhere."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from chainrule.cli import pages
from chainrule.cli.progress import ProgressLines, bar, can_be_drawn_over
from chainrule.cli.stages import Stages
from chainrule.records.searches import Trial
from chainrule.report.search_tables import in_order, printed, trials_table, values_text, with_error
from chainrule.searches.course import SearchProgress

SHOWN = 5
"""Trials shown while others are trained."""


class Watched:
    """A search on one bar with the page that is drawn of it."""

    def __init__(self, show: SearchProgress) -> None:
        """``show`` is called with how much is done, how much there is, and the trials so far."""
        self._trials: Sequence[Trial] = ()
        self._stages = Stages(
            lambda done, total: show(done, total, self._trials), pages.DrawingTime(1).seconds()
        )

    def search(self, done: int, total: int, trials: Sequence[Trial]) -> None:
        """See :data:`chainrule.searches.course.SearchProgress`."""
        self._trials = trials
        self._stages.work(done, total)

    def page(self, share: float) -> None:
        """So much of the page is drawn."""
        self._stages.rest(share)


@contextlib.contextmanager
def watching(what: str, metric: str, quiet: bool) -> Iterator[Watched]:
    """What to tell how far the search and its page are."""
    if quiet:
        yield Watched(lambda done, total, trials: None)
    elif can_be_drawn_over():
        with _live(what, metric) as update:
            yield Watched(update)
    else:
        lines = ProgressLines(what)
        yield Watched(lambda done, total, trials: lines(done, total, lambda: _best(trials, metric)))


def _scored(trials: Sequence[Trial]) -> list[Trial]:
    return [trial for trial in trials if trial.mean is not None]


def _best(trials: Sequence[Trial], metric: str) -> str:
    """The best trial so far, and how many have a score."""
    scored = _scored(trials)
    if not scored:
        return ""
    top = in_order(scored, metric)[0]
    return (
        f"; {len(scored)} of {len(trials)} trials scored, best {metric} {with_error(top.mean, top.error)} "
        f"({values_text(top.values)})"
    )


@contextlib.contextmanager
def _live(what: str, metric: str) -> Iterator[SearchProgress]:
    from rich.console import Group
    from rich.live import Live

    shown = bar()
    task = shown.add_task(what, total=None)
    with Live(shown, console=shown.console, transient=True, refresh_per_second=4) as live:

        def update(done: int, total: int, trials: Sequence[Trial]) -> None:
            shown.update(task, completed=done, total=total)
            scored = _scored(trials)
            if scored:
                table = trials_table(scored, metric, None, SHOWN)
                live.update(Group(printed(table), shown))

        yield update
