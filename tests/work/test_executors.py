"""One contract for every executor, and what only processes must survive."""

from __future__ import annotations

import os

import pytest

import tasks
from chainrule.errors import ChainruleError, StoreError
from chainrule.work.executors import Executor, InProcess
from chainrule.work.processes import Processes

EXECUTORS = [InProcess(), Processes(1), Processes(2)]
every_executor = pytest.mark.parametrize("executor", EXECUTORS, ids=lambda e: f"{type(e).__name__}{vars(e)}")


def nothing() -> None:
    pass


@every_executor
def test_every_task_once(executor: Executor):
    assert sorted(executor.run(tasks.square, [1, 2, 3, 4, 5], nothing)) == [1, 4, 9, 16, 25]


@every_executor
def test_no_tasks(executor: Executor):
    assert list(executor.run(tasks.square, [], nothing)) == []


@every_executor
def test_an_error_of_a_task_comes_here(executor: Executor):
    with pytest.raises(StoreError, match="three is full"):
        list(executor.run(tasks.refuse_three, [3], nothing))


@every_executor
def test_tick_is_called(executor: Executor):
    ticks = []
    list(executor.run(tasks.square, [1, 2], lambda: ticks.append(1)))
    assert ticks


@every_executor
def test_blas_has_one_thread(executor: Executor):
    for threads, pid in executor.run(tasks.threads_and_pid, [1, 2], nothing):
        assert set(threads) == {1}
        assert (pid == os.getpid()) is isinstance(executor, InProcess)


def test_the_task_of_a_killed_worker_runs_again(tmp_path):
    markers = [tmp_path / "a.txt", tmp_path / "b.die", tmp_path / "c.txt"]
    assert sorted(Processes(2).run(tasks.die_once, markers, nothing)) == ["a.txt", "b.die", "c.txt"]


def test_a_task_that_always_kills_its_worker_is_given_up():
    with pytest.raises(ChainruleError, match="died 3 times"):
        list(Processes(1).run(tasks.die, [1], nothing))
