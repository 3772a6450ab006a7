"""Worker processes on this machine, with one BLAS thread each.

A worker that dies takes the whole pool with it, so one death says of all tasks that were running that one of them may
be to blame. They run once more in company; who was at work at two deaths runs alone, where blame is exact.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from multiprocessing import resource_tracker
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.errors import ChainruleError
from chainrule.machine import kernels, threads
from chainrule.work import scratch
from chainrule.work.executors import ATTEMPTS, Executor, Failure, InProcess, Result, Task, raised

if TYPE_CHECKING:
    from loky import ProcessPoolExecutor

DIED = "its worker process died, perhaps for lack of memory: try fewer --jobs"

_POLL_S = 0.2
_WATCH_S = 1.0


class Processes:
    """Worker processes; see :class:`chainrule.work.executors.Executor`.

    They stay for the next run, with the modules and the data they have loaded, until :meth:`close`.
    """

    sees_files = True
    starting = 2.5e10
    """The interpreter, NumPy, SciPy and compiled code took 1.3 s to load, in which a search of 135 nets of 64-50-10 got
    2.2e10 multiply-adds done (one thread of an AMD EPYC with AVX-512)."""

    def __init__(self, workers: int) -> None:
        """Use ``workers`` processes; none is started before there is a task for it."""
        self.workers = workers
        self._idle: tuple[int, ProcessPoolExecutor] | None = None

    def close(self) -> None:
        """End the worker processes."""
        if self._idle is not None:
            _, pool = self._idle
            self._idle = None
            pool.shutdown(wait=True, kill_workers=True)

    def run(
        self, function: Callable[[Task], Result], tasks: Sequence[Task], tick: Callable[[], None]
    ) -> Generator[tuple[int, Result | Failure], None, None]:
        """See :class:`chainrule.work.executors.Executor`."""
        waiting = list(range(len(tasks)))
        deaths: Counter[int] = Counter()
        idle_deaths = 0
        while waiting:
            company = [index for index in waiting if deaths[index] < ATTEMPTS - 1]
            batch = company or waiting[:1]
            ended: set[int] = set()
            with scratch.folder() as private:
                marks = _Marks(private / "running", len(tasks))
                for index, result in self._run(function, {i: tasks[i] for i in batch}, tick, marks.path):
                    ended.add(index)
                    yield index, result
                waiting = [index for index in waiting if index not in ended]
                suspects = marks.running() & set(waiting)
            if not set(batch) - ended:
                continue
            idle_deaths = 0 if ended or suspects else idle_deaths + 1
            if idle_deaths == ATTEMPTS:
                raise ChainruleError(f"worker processes die before they start to work, {ATTEMPTS} times now")
            deaths.update(suspects)
            for index in suspects:
                if deaths[index] >= ATTEMPTS and not company:
                    waiting.remove(index)
                    yield index, Failure(DIED)
            waiting.sort(key=deaths.__getitem__)

    def _run(
        self,
        function: Callable[[Task], Result],
        tasks: Mapping[int, Task],
        tick: Callable[[], None],
        marks: Path,
    ) -> Generator[tuple[int, Result | Failure], None, None]:
        """Run tasks until all have ended or a worker dies."""
        from loky.process_executor import BrokenProcessPool

        size, pool = self._taken(min(self.workers, len(tasks)))
        errors: Counter[int] = Counter()
        left = len(tasks)
        try:
            futures: dict[concurrent.futures.Future[Result], int] = {}
            with _uninterrupted(), contextlib.suppress(BrokenProcessPool):
                for index, task in tasks.items():
                    futures[pool.submit(_marked, function, task, marks, index)] = index
            while futures:
                ready, _ = concurrent.futures.wait(
                    futures, timeout=_POLL_S, return_when=concurrent.futures.FIRST_COMPLETED
                )
                tick()
                for future in ready:
                    index = futures.pop(future)
                    error = future.exception()
                    if error is None:
                        left -= 1
                        yield index, future.result()
                    elif isinstance(error, BrokenProcessPool):
                        continue
                    elif isinstance(error, ChainruleError):
                        raise error
                    elif errors[index] + 1 == ATTEMPTS:
                        left -= 1
                        yield index, raised(error)
                    else:
                        errors[index] += 1
                        with _uninterrupted(), contextlib.suppress(BrokenProcessPool):
                            futures[pool.submit(_marked, function, tasks[index], marks, index)] = index
        finally:
            # Workers that were interrupted at a task, or have lost one of them, are no use to the next run.
            if left == 0 and self._idle is None:
                self._idle = size, pool
            else:
                pool.shutdown(wait=True, kill_workers=True)

    def _taken(self, size: int) -> tuple[int, ProcessPoolExecutor]:
        """The idle pool where it has ``size`` workers, else a new one."""
        if self._idle is not None and self._idle[0] >= size:
            taken, self._idle = self._idle, None
            return taken
        self.close()
        import loky

        # Its own tracker of shared resources is started here.
        with _uninterrupted():
            return size, loky.ProcessPoolExecutor(
                size, env=kernels.worker_environment(), initializer=_die_with, initargs=(os.getpid(),)
            )


@contextlib.contextmanager
def processes(jobs: int | None) -> Iterator[Executor]:
    """So many worker processes, one a core where ``jobs`` is None, until the block ends; this process itself where
    the system lets there be none (:func:`note`)."""
    here = InProcess() if _refusal() else Processes(jobs or threads.available_cores())
    with contextlib.closing(here) as workers:
        yield workers


def note() -> str | None:
    """A line for the user where there can be no worker processes."""
    why = _refusal()
    if why is None:
        return None
    place = "/dev/shm" if sys.platform == "linux" else "this system"
    return f"all is done in one process: worker processes need semaphores, and {place} gives none ({why})"


def _refusal() -> str | None:
    """Why workers could not wait for each other; None where they can."""
    if "fork" not in multiprocessing.get_all_start_methods():
        return None
    try:
        # Of this context it has lost its name at once, and no process looks after it.
        multiprocessing.get_context("fork").Lock()
    except OSError as error:
        return error.strerror or str(error)
    except ImportError:
        return "not implemented"
    return None


class _Marks:
    """Which tasks are running: each notes its beginning and its end in a byte of a small file."""

    def __init__(self, path: Path, count: int) -> None:
        self.path = path
        path.write_bytes(bytes(count))

    def running(self) -> set[int]:
        """The tasks that began and did not end."""
        return {index for index, mark in enumerate(self.path.read_bytes()) if mark}


def _marked(function: Callable[[Task], Result], task: Task, marks: Path, index: int) -> Result:
    _mark(marks, index, True)
    try:
        return function(task)
    finally:
        _mark(marks, index, False)


def _mark(path: Path, index: int, running: bool) -> None:
    with contextlib.suppress(FileNotFoundError), path.open("r+b") as file:
        file.seek(index)
        file.write(bytes([running]))


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold back what a terminal sends to all of its processes, Ctrl-C and its own end; those that are started inside
    inherit that for good: it is the driver who deals with it. A polite kill waits here too: what is half begun would
    be left behind, and said to be."""
    with _kill_waiting():
        if not hasattr(signal, "pthread_sigmask"):
            yield
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
        # Trackers of shared resources let Ctrl-C through again when they start: let Python's have started.
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _kill_waiting() -> Iterator[None]:
    """Within it a polite kill of this process waits; workers are not kept from being killed so."""
    handler = signal.getsignal(signal.SIGTERM)
    if threading.current_thread() is not threading.main_thread() or not callable(handler):
        # Nobody here deals with it, or not in this thread.
        yield
        return
    came: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, handler)
        if came:
            signal.raise_signal(signal.SIGTERM)


def _die_with(driver: int) -> None:
    """In a worker: end it when its driver is gone, in the middle of a task or idle."""

    def watch() -> None:
        while os.getppid() == driver:
            time.sleep(_WATCH_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
