"""One contract for every executor."""

from __future__ import annotations

import functools
import os

import pytest

from chainrule.errors import ChainruleError, StoreError
from chainrule.work.executors import Executor, Failure, InProcess, fitting, results
from chainrule.work.processes import Processes
from support import tasks


def nothing() -> None:
    pass


def test_every_task_once(executor: Executor):
    ended = list(executor.run(tasks.square, [1, 2, 3, 4, 5], nothing))
    assert sorted(ended) == [(0, 1), (1, 4), (2, 9), (3, 16), (4, 25)]
    assert sorted(results(executor, tasks.square, [3, 4], nothing)) == [9, 16]


def test_little_work_stays_in_this_process():
    workers = Processes(2)
    assert isinstance(fitting(workers, 1e9), InProcess)
    assert fitting(workers, 1e12) is workers


def test_no_tasks(executor: Executor):
    assert list(executor.run(tasks.square, [], nothing)) == []


def test_a_partial_brings_what_all_tasks_share(executor: Executor):
    add = functools.partial(tasks.add, 10)
    assert sorted(executor.run(add, [1, 2], nothing)) == [(0, 11), (1, 12)]


def test_a_clear_no_comes_here(executor: Executor):
    with pytest.raises(StoreError, match="three is full"):
        list(executor.run(tasks.refuse_three, [3], nothing))


def test_a_task_that_raises_is_given_up_after_three_attempts_and_blocks_nobody(executor: Executor, tmp_path):
    ended = dict(executor.run(tasks.fail_often, [(tmp_path / str(n), n) for n in range(5)], nothing))
    assert ended == {0: 0, 1: 1, 2: 2, 3: Failure("ValueError: no 3"), 4: Failure("ValueError: no 4")}
    assert [len((tmp_path / str(n)).read_text()) for n in range(5)] == [1, 2, 3, 3, 3]


def test_results_do_without_none(executor: Executor, tmp_path):
    with pytest.raises(ChainruleError, match=r"given up after 3 attempts: ValueError: no 9"):
        list(results(executor, tasks.fail_often, [(tmp_path / "9", 9)], nothing))


def test_tick_is_called(executor: Executor):
    ticks = []
    list(executor.run(tasks.square, [1, 2], lambda: ticks.append(1)))
    assert ticks


def test_blas_has_one_thread(executor: Executor):
    for threads, pid in results(executor, tasks.threads_and_pid, [1, 2], nothing):
        assert set(threads) == {1}
        assert (pid == os.getpid()) is isinstance(executor, InProcess)
