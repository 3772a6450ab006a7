"""What only processes must survive: workers that die."""

from __future__ import annotations

import pytest

import tasks
from chainrule.errors import ChainruleError
from chainrule.work import processes
from chainrule.work.executors import Failure
from chainrule.work.processes import DIED, Processes


def nothing() -> None:
    pass


def runs(tmp_path, number):
    """How often a task was begun."""
    return len((tmp_path / str(number)).read_text())


@pytest.mark.parametrize("workers", [1, 2])
def test_the_task_of_a_killed_worker_runs_again(tmp_path, workers):
    wanted = [(tmp_path / str(n), {1: 1, 3: 2}.get(n, 0)) for n in range(5)]
    assert sorted(Processes(workers).run(tasks.die_often, wanted, nothing)) == [(n, str(n)) for n in range(5)]
    assert (runs(tmp_path, 1), runs(tmp_path, 3)) >= (2, 3)


@pytest.mark.parametrize("workers", [1, 2])
def test_who_always_kills_its_worker_is_given_up_and_nobody_else(tmp_path, workers):
    wanted = [(tmp_path / str(n), 99 if n in (0, 4) else 0) for n in range(8)]
    ended = dict(Processes(workers).run(tasks.die_often, wanted, nothing))
    assert ended == {n: Failure(DIED) if n in (0, 4) else str(n) for n in range(8)}
    assert (runs(tmp_path, 0), runs(tmp_path, 4)) == (3, 3)
    if workers == 1:
        assert [runs(tmp_path, n) for n in (1, 2, 3, 5, 6, 7)] == [1] * 6


def test_workers_that_die_before_they_start_are_noticed(monkeypatch):
    monkeypatch.setattr(processes, "_die_with", tasks.die)
    with pytest.raises(ChainruleError, match="die before they start to work"):
        list(Processes(1).run(tasks.square, [1], nothing))
