"""Processes of users' files that cost no start of Python: clones of one that has imported what they need.

Most of what a small file's check costs is the start of its process. A clone is a child of the test's process, in a
session of its own and with the same arguments, environment and pipes, and runs the same module from its first line on.
What differs from the process that users start has a process started as theirs is: another environment, other
arguments, another system. The tests of the sandbox itself start all of theirs so.
"""

from __future__ import annotations

import contextlib
import inspect
import json
import os
import platform
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from chainrule.gradcheck.sandbox.process import CHILD
from support import prepared

_COMMAND = [sys.executable, *CHILD]


class Clones:
    """Gives clones to the process that made it, as long as they have the environment that the first one had."""

    def __init__(self) -> None:
        self._owner, self._lock = os.getpid(), threading.Lock()
        self._channel: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._environment: dict[str, str] = {}

    def clone(self, arguments: list[str], environment: dict[str, str], pipes: list[int]) -> int | None:
        """The number of a new process; None where there can be none."""
        if os.getpid() != self._owner or sys.platform != "linux" or platform.machine() not in prepared.CLONE:
            return None
        with self._lock:
            if self._process is None:
                # Clones end with the thread that had it started.
                if threading.current_thread() is not threading.main_thread():
                    return None
                self._prepare(environment)
            if self._channel is None or environment != self._environment:
                return None
            request = json.dumps({"arguments": arguments, "folder": str(Path.cwd())})
            try:
                socket.send_fds(self._channel, [request.encode()], pipes)
                number = int(self._channel.recv(64) or -1)
            except OSError:
                number = -1
            return number if number > 0 else None

    def _prepare(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._channel, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            command = [*_COMMAND[:2], prepared.__file__, str(other.fileno())]
            self._process = subprocess.Popen(command, env=environment, pass_fds=[other.fileno()])

    def close(self) -> None:
        """End the process that is cloned."""
        if self._channel is not None and self._process is not None:
            # Processes that were forked meanwhile may hold the other end too.
            with contextlib.suppress(OSError):
                self._channel.shutdown(socket.SHUT_RDWR)
            self._channel.close()
            self._process.wait()


def subprocess_with(clones: Clones) -> SimpleNamespace:
    """The module ``subprocess``, whose processes of users' files are clones."""

    class Cloned(subprocess.Popen[bytes]):
        def _execute_child(self, args: Any, *given: Any) -> None:
            start = super()._execute_child  # type: ignore[misc]
            named = inspect.signature(start).bind(args, *given).arguments
            ends = [named[name] for name in ("p2cread", "c2pwrite", "errwrite")]
            of_file = [*args[: len(_COMMAND)]] == _COMMAND
            number = clones.clone(args[len(_COMMAND) :], named["env"], ends) if of_file else None
            if number is None:
                start(args, *given)
                return
            self.pid, self._child_created = number, True
            for end in ends:
                os.close(end)
            self._closed_child_pipe_fds = True

    return SimpleNamespace(**{**vars(subprocess), "Popen": Cloned})
