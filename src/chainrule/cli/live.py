"""A search while it runs: the best trials and time left, live on a terminal, as plain lines elsewhere."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from chainrule.cli.progress import ProgressLines, ShowProgress, bar, can_be_drawn_over, ends
from chainrule.cli.stages import Stages
from chainrule.records.searches import Trial
from chainrule.report.search_tables import in_order, printed, trials_table, values_text, with_error
from chainrule.searches.course import SearchProgress
from chainrule.work.progress import WorkProgress

SHOWN = 5
"""Trials shown while others are trained."""


@contextlib.contextmanager
def watching(
    what: str, metric: str, quiet: bool, rest_s: float = 0.0
) -> Iterator[tuple[SearchProgress, WorkProgress]]:
    """What to call with how much is done, how much there is, and the trials so far; then with how much of the rest,
    which takes ``rest_s``: see :class:`chainrule.cli.stages.Stages`."""
    known: list[Trial] = []
    if quiet:
        yield lambda done, total, trials: None, lambda done, total: None
        return
    with _live(what, metric, known) if can_be_drawn_over() else _as_lines(what, metric, known) as show:
        stages = Stages(show, rest_s)

        def work(done: int, total: int, trials: Sequence[Trial]) -> None:
            known[:] = trials
            stages.work(done, total)

        yield work, stages.rest


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
def _as_lines(what: str, metric: str, trials: Sequence[Trial]) -> Iterator[ShowProgress]:
    lines = ProgressLines(what)
    yield lambda done, total, left_s=None: lines(done, total, left_s, lambda: _best(trials, metric))


@contextlib.contextmanager
def _live(what: str, metric: str, trials: Sequence[Trial]) -> Iterator[ShowProgress]:
    """A bar below the best of ``trials``, which others are added to."""
    from rich.console import Group
    from rich.live import Live

    shown = bar()
    task = shown.add_task(what, total=None)
    with Live(shown, console=shown.console, transient=True, refresh_per_second=4) as live:

        def update(done: int, total: int, left_s: float | None = None) -> None:
            shown.update(task, completed=done, total=total, ends=ends(left_s))
            scored = _scored(trials)
            if scored:
                table = trials_table(scored, metric, None, SHOWN)
                live.update(Group(printed(table), shown))

        yield update
