"""The time left of a bar: as told, else by its speed."""

from __future__ import annotations

import time

from rich.progress import Task, TimeRemainingColumn
from rich.text import Text


class TimeLeftColumn(TimeRemainingColumn):
    """Counts down to the moment that :func:`chainrule.cli.progress.ends` told, where it told one."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        """The time, as hours, minutes and seconds."""
        end = task.fields.get("ends")
        if end is None or task.finished:
            return super().render(task)
        minutes, seconds = divmod(max(round(end - time.monotonic()), 0), 60)
        hours, minutes = divmod(minutes, 60)
        return Text(f"{hours:d}:{minutes:02d}:{seconds:02d}", style="progress.remaining")
