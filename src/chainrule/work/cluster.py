"""Tasks on a Ray cluster: nodes may join, leave and die while they run.

A task needs one core and is sent all that it needs: nodes have chainrule installed as the driver has it. Ray runs
a task again whose worker or node died; where workers are idle and a task takes much longer than others did, a second
copy of it is started, and the first result counts.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any

from chainrule.errors import ChainruleError, needs
from chainrule.machine import compiler, threads
from chainrule.version import installed_version
from chainrule.work.executors import ATTEMPTS, Failure, Result, Task, attempted, raised

REACHED_S = 20.0
"""Within so many seconds a cluster answers, or it counts as unreachable."""

_POLL_S = 0.2
_SLOW = 3.0
"""A task is a straggler when it takes so many times as long as the slowest one that has ended."""


class Cluster:
    """A Ray cluster; see :class:`chainrule.work.executors.Executor`."""

    sees_files = False
    starting = 0.0

    def __init__(self, address: str) -> None:
        """Connect.

        Args:
            address: ``HOST:PORT`` of the head, or ``auto`` for the cluster that this machine belongs to.

        Raises:
            MissingExtraError: Ray is not installed.
            ChainruleError: there is no such cluster, it does not answer, wants a token, or has no core.
        """
        with needs("--cluster", "ray"):
            import ray
        if address != "auto":
            _reach(address)
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            ray.init(
                address=address,
                logging_level=logging.CRITICAL,
                log_to_driver=False,
                runtime_env={
                    "env_vars": threads.ONE_EACH | ({} if compiler.available() else {compiler.SWITCH: "off"})
                },
            )
        except (ConnectionError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
            why = _first_line(error).rstrip(".")
            raise ChainruleError(
                f"--cluster {address}: {why}; is there a cluster? ray start --head makes one"
            ) from error
        # What Ray has to say of workers that die goes to standard output, where tables and JSON go; it has no switch.
        ray._private.worker._worker_logs_enabled = False
        self._ray = ray
        self._run: Any = ray.remote(num_cpus=1, max_retries=ATTEMPTS - 1)(_run)
        if not self.workers:
            self.close()
            raise ChainruleError(f"--cluster {address}: has no core to work on; add a node with `ray start`")

    @property
    def workers(self) -> int:
        """Cores of the nodes that are there now."""
        return int(self._ray.cluster_resources().get("CPU", 0))

    def close(self) -> None:
        """Leave the cluster."""
        self._ray.shutdown()

    def run(
        self, function: Callable[[Task], Result], tasks: Sequence[Task], tick: Callable[[], None]
    ) -> Generator[tuple[int, Result | Failure], None, None]:
        """See :class:`chainrule.work.executors.Executor`."""
        # What all tasks share lies in the function: it is sent to each node once.
        shared = self._ray.put(function)
        waiting, ended = deque(range(len(tasks))), set[int]()
        running: dict[Any, tuple[int, float]] = {}
        slowest, here = 0.0, installed_version()
        try:
            while len(ended) < len(tasks):
                free = max(self.workers, 1) - len(running)
                for index in _next(waiting, running, slowest, free):
                    reference = self._run.remote(shared, tasks[index], here, compiler.available())
                    running[reference] = index, time.monotonic()
                ready, _ = self._ray.wait(list(running), timeout=_POLL_S)
                tick()
                for reference in ready:
                    index, began = running.pop(reference)
                    if index in ended:
                        continue
                    slowest = max(slowest, time.monotonic() - began)
                    ended.add(index)
                    yield index, self._result(reference)
                for reference in [late for late, (index, _) in running.items() if index in ended]:
                    self._cancel(reference)
                    del running[reference]
        finally:
            for reference in running:
                self._cancel(reference)

    def _result(self, reference: Any) -> Any:
        exceptions = self._ray.exceptions
        try:
            return self._ray.get(reference)
        except exceptions.RayTaskError as error:
            if isinstance(error.cause, ChainruleError):
                raise error.cause from None
            return raised(error.cause or error)
        except exceptions.RayError as error:
            return Failure(f"its worker or node died {ATTEMPTS} times: {_first_line(error)}")

    def _cancel(self, reference: Any) -> None:
        # The task may have ended meanwhile, or the cluster may be gone: then there is nothing to cancel.
        with contextlib.suppress(Exception):
            self._ray.cancel(reference, force=True)


def _run(function: Callable[[Task], Result], task: Task, driver: str, compiles: bool) -> Result | Failure:
    """On a node: run the task, with the same chainrule as its driver's, compiled where the driver's is."""
    here = installed_version()
    if here != driver:
        raise ChainruleError(
            f"{socket.gethostname()}: has chainrule {here}, the driver {driver}; "
            "install the same on every node"
        )
    if compiles and not compiler.available():
        raise ChainruleError(
            f"{socket.gethostname()}: cannot compile as the driver can; install chainrule[fast] on every node, "
            f"or set {compiler.SWITCH}=off for the driver"
        )
    return attempted(function, task)


def _next(
    waiting: deque[int], running: dict[Any, tuple[int, float]], slowest: float, free: int
) -> Iterator[int]:
    """Tasks to start on so many free cores: those waiting, then second copies of stragglers.

    Args:
        waiting: numbers of tasks, taken from the left.
        running: by reference, a task's number and when it was started, in seconds of the monotonic clock.
        slowest: seconds that the slowest task took so far; 0 while none has ended.
        free: cores.
    """
    while waiting and free > 0:
        free -= 1
        yield waiting.popleft()
    now, indices = time.monotonic(), [index for index, _ in running.values()]
    if slowest:
        late = [index for index, began in running.values() if now - began > _SLOW * slowest]
        yield from [index for index in late if indices.count(index) == 1][: max(free, 0)]


def _reach(address: str) -> None:
    """Refuse an address at which no cluster answers: Ray itself would go on trying for minutes."""
    host, _, port = address.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 2**16:
        raise ChainruleError(
            f"--cluster {address}: is no address; write auto, or HOST:PORT as ray start printed it"
        )
    try:
        socket.create_connection((host, int(port)), timeout=REACHED_S / 2).close()
    except OSError as error:
        raise ChainruleError(
            f"--cluster {address}: cannot be reached: {error.strerror or error}; is the head running there?"
        ) from error
    command = [sys.executable, "-m", "ray.scripts.scripts", "health-check", "--address", address]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, timeout=REACHED_S, check=False)
    except subprocess.TimeoutExpired:
        asked = None
    if asked is not None and "AuthenticationError" in asked.stderr:
        raise ChainruleError(
            f"--cluster {address}: wants a token: set RAY_AUTH_MODE=token and copy ~/.ray/auth_token from its head"
        )
    if asked is None or asked.returncode:
        raise ChainruleError(
            f"--cluster {address}: something answers there, but it is no Ray cluster of this Ray's version"
        )


def _first_line(error: BaseException) -> str:
    return next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
