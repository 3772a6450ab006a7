"""Commands that run in a process of their own, within limits and without a network where the system can do that."""

from __future__ import annotations

import contextlib
import functools
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .index import FOLDER

MOST_OUTPUT = 32 * 2**20
"""Bytes that untrusted code may write, on standard output as in any file."""

MOST_MEMORY = 4 * 2**30
"""Bytes that untrusted code may have."""


@dataclass(frozen=True)
class Ran:
    """What a command printed, and how long it took; ``code`` is None where its time was up."""

    code: int | None
    stdout: str
    stderr: str
    seconds: float


@functools.cache
def without_network() -> tuple[str, ...]:
    """The words that keep a command from the network, or none where the system has no such thing."""
    words = ("unshare", "--map-root-user", "--net", "--")
    if shutil.which("unshare") is None:
        return ()
    works = subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0
    return words if works else ()


def evaluated(program: Path, case: Path, seconds: float) -> Ran:
    """A program that somebody else has written, evaluated in its case, within limits of time, memory and files."""
    command = [*without_network(), sys.executable, "-m", f"{FOLDER.name}.evaluate", str(program), str(case)]
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(FOLDER.parent), **_PLAIN}

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_OUTPUT, MOST_OUTPUT))
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))

    with tempfile.TemporaryDirectory(prefix="wrong-backward-") as place:
        return ran(command, seconds, cwd=place, env=environment, preexec_fn=limit)


_PLAIN = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def ran(command: list[str], seconds: float, **how: Any) -> Ran:
    """Run a command; it and all that it started end when its time is up, or when we are stopped.

    Args:
        command: its words.
        seconds: that it may take.
        how: keywords of ``subprocess.Popen``.
    """
    with tempfile.TemporaryDirectory(prefix="wrong-backward-") as folder:
        out, err = Path(folder, "stdout"), Path(folder, "stderr")
        start = time.monotonic()
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
                **how,
            )
            code: int | None = None
            try:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    code = process.wait(seconds)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        return Ran(
            code, out.read_text(errors="replace"), err.read_text(errors="replace"), time.monotonic() - start
        )
