"""Worker processes on this machine, with one BLAS thread each.

A worker that dies takes the whole pool with it, so one death says of all tasks that were running that one of them may
be to blame. They run once more in company; who was at work at two deaths runs alone, where blame is exact.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from multiprocessing import resource_tracker
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.errors import ChainruleError
from chainrule.machine import kernels, threads
from chainrule.work.executors import ATTEMPTS, Failure, Result, Task, raised

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
            with _Marks(len(tasks)) as marks:
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

        return size, loky.ProcessPoolExecutor(
            size, env=kernels.worker_environment(), initializer=_die_with, initargs=(os.getpid(),)
        )


@contextlib.contextmanager
def processes(jobs: int | None) -> Iterator[Processes]:
    """So many worker processes, one a core where ``jobs`` is None, until the block ends."""
    with contextlib.closing(Processes(jobs or threads.available_cores())) as workers:
        yield workers


class _Marks:
    """Which tasks are running: each notes its beginning and its end in a byte of a small file."""

    def __init__(self, count: int) -> None:
        self._file = tempfile.NamedTemporaryFile(prefix="chainrule-running-")  # noqa: SIM115 - closed by __exit__
        self._file.write(bytes(count))
        self._file.flush()
        self.path = Path(self._file.name)

    def __enter__(self) -> _Marks:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

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
    """Hold Ctrl-C back inside; processes started here inherit that for good, as it is the driver who deals with it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Python's own tracker of shared resources lets Ctrl-C through again when it starts: let it have started.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _die_with(driver: int) -> None:
    """In a worker: end it when its driver is gone, in the middle of a task or idle."""

    def watch() -> None:
        while os.getppid() == driver:
            time.sleep(_WATCH_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
