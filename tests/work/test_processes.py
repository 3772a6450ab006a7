"""What only processes must survive: workers that die."""

from __future__ import annotations

import concurrent.futures
import contextlib
import errno
import functools
import os
import signal
from pathlib import Path

import pytest

from chainrule.errors import ChainruleError
from chainrule.work import processes
from chainrule.work.executors import Failure
from chainrule.work.processes import DIED, Processes
from support import tasks


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


def refuse(*arguments):
    raise OSError(errno.EROFS, "Read-only file system")


def test_where_the_system_has_no_semaphores_all_is_done_here_and_said(monkeypatch):
    monkeypatch.setattr("multiprocessing.context.BaseContext.Lock", refuse)
    with processes.processes(4) as workers:
        assert dict(workers.run(tasks.threads_and_pid, [0], nothing))[0][1] == os.getpid()
        assert workers.workers == 1
    assert processes.note().startswith("all is done in one process: worker processes need semaphores, and ")
    assert processes.note().endswith(" gives none (Read-only file system)")


def test_elsewhere_there_are_workers_and_nothing_is_said():
    with processes.processes(3) as workers:
        assert isinstance(workers, Processes)
        assert workers.workers == 3
    assert processes.note() is None


@pytest.fixture
def kept():
    with contextlib.closing(Processes(2)) as processes:
        yield processes


def at_work(processes):
    """The processes that run eight tasks."""
    return {pid for _, (_, pid) in processes.run(tasks.threads_and_pid, range(8), nothing)}


def test_workers_stay_for_the_next_run_until_they_are_closed(kept):
    first = at_work(kept) | at_work(kept)
    assert len(first) <= 2
    kept.close()
    assert not any(Path(f"/proc/{pid}").exists() for pid in first)
    assert at_work(kept).isdisjoint(first)


def test_a_run_with_more_tasks_gets_more_workers(kept, tmp_path):
    assert list(kept.run(tasks.square, [3], nothing)) == [(0, 9)]
    go, ticks, together = tmp_path / "go", [], []

    def let_go() -> None:
        ticks.append(1)
        if not go.exists():
            together.append(len(list(tmp_path.glob("*.begun"))))
        if together[-1] == 2 or len(ticks) == 100:
            go.touch()

    wait = functools.partial(tasks.begin_and_wait, go)
    assert len(dict(kept.run(wait, [tmp_path / "a.begun", tmp_path / "b.begun"], let_go))) == 2
    assert max(together) == 2


def test_idle_workers_that_were_killed_are_replaced(kept):
    for pid in at_work(kept):
        os.kill(pid, signal.SIGKILL)
    assert len(dict(kept.run(tasks.square, range(8), nothing))) == 8


def test_a_run_that_is_stopped_leaves_no_worker(kept):
    running = kept.run(tasks.threads_and_pid, range(8), nothing)
    _, (_, pid) = next(running)
    running.close()
    assert not Path(f"/proc/{pid}").exists()


class Pool:
    """Workers whose driver is told to end while it gives them their tasks."""

    def __init__(self):
        self.given = self.ended = 0

    def submit(self, *_):
        signal.raise_signal(signal.SIGTERM)
        self.given += 1
        return concurrent.futures.Future()

    def shutdown(self, **_):
        self.ended += 1


def test_a_polite_kill_waits_until_the_tasks_are_given_and_ends_the_workers(monkeypatch):
    def stop(number, frame):
        raise KeyboardInterrupt

    pool = Pool()
    monkeypatch.setattr("loky.ProcessPoolExecutor", lambda *_, **__: pool)
    before = signal.signal(signal.SIGTERM, stop)
    try:
        with pytest.raises(KeyboardInterrupt):
            list(Processes(2).run(tasks.square, [3, 4], nothing))
        assert signal.getsignal(signal.SIGTERM) is stop
    finally:
        signal.signal(signal.SIGTERM, before)
    assert (pool.given, pool.ended) == (2, 1)
