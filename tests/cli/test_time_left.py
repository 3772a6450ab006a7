"""The time left of a bar."""

from __future__ import annotations

from rich.progress import Progress

from chainrule.cli.time_left import TimeLeftColumn


def test_it_counts_down_to_where_it_was_told_the_end_is(monkeypatch):
    monkeypatch.setattr("chainrule.cli.time_left.time.monotonic", lambda: 100.0)
    shown, column = Progress(disable=True), TimeLeftColumn()
    shown.add_task("told", total=10, completed=1, ends=100.0 + 3725)
    shown.add_task("past", total=10, completed=1, ends=99.0)
    shown.add_task("unknown", total=10, completed=1, ends=None)
    assert [column.render(task).plain for task in shown.tasks] == ["1:02:05", "0:00:00", "-:--:--"]
