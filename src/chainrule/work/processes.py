"""Worker processes on this machine, with one BLAS thread each."""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import resource_tracker

from chainrule import kernels
from chainrule.errors import ChainruleError
from chainrule.work.executors import Result, Task

_POLL_S = 0.2
_WATCH_S = 1.0
_ATTEMPTS = 3


class Processes:
    """Worker processes. A task whose worker dies is run again, three times in all."""

    def __init__(self, workers: int) -> None:
        """Use ``workers`` processes."""
        self.workers = workers

    def run(
        self, function: Callable[[Task], Result], tasks: Sequence[Task], tick: Callable[[], None]
    ) -> Iterator[Result]:
        """See :class:`Executor`."""
        from loky.process_executor import BrokenProcessPool

        waiting = list(range(len(tasks)))
        if not waiting:
            return
        for attempt in range(1, _ATTEMPTS + 1):
            done: list[int] = []
            try:
                for index, result in self._attempt(function, {i: tasks[i] for i in waiting}, tick):
                    done.append(index)
                    yield result
                return
            except BrokenProcessPool as error:
                if attempt == _ATTEMPTS:
                    raise ChainruleError(
                        f"worker processes died {_ATTEMPTS} times, perhaps for lack of memory; "
                        "what was finished is kept: run the same command again with fewer --jobs"
                    ) from error
                waiting = [index for index in waiting if index not in done]

    def _attempt(
        self, function: Callable[[Task], Result], tasks: dict[int, Task], tick: Callable[[], None]
    ) -> Iterator[tuple[int, Result]]:
        import loky

        executor = loky.ProcessPoolExecutor(
            min(self.workers, len(tasks)),
            env=kernels.worker_environment(),
            initializer=_die_with,
            initargs=(os.getpid(),),
        )
        try:
            with _uninterrupted():
                futures = {executor.submit(function, task): index for index, task in tasks.items()}
            waiting = set(futures)
            while waiting:
                ready, waiting = concurrent.futures.wait(
                    waiting, timeout=_POLL_S, return_when=concurrent.futures.FIRST_COMPLETED
                )
                tick()
                for future in ready:
                    yield futures[future], future.result()
        finally:
            executor.shutdown(wait=True, kill_workers=True)


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
