"""A process for a user's file, driven through pipes: one frame there, one frame back, within limits."""

from __future__ import annotations

import contextlib
import math
import os
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple, NoReturn

from chainrule.errors import CheckError, TimeUpError
from chainrule.gradcheck.program.source import belongs_to, shown_name
from chainrule.gradcheck.sandbox.bounds import PLAIN, ReplyBound
from chainrule.gradcheck.sandbox.codec import PREFIX, FrameError
from chainrule.machine.threads import ONE_EACH
from chainrule.text import one_line

CHILD = ("-P", "-m", "chainrule.gradcheck.sandbox.child")
"""What a process runs."""

_CHUNK = 2**16
_KEPT_OUTPUT = 2**16
_STACK_S, _TICK_S, _POLL_S, _LONGEST_WAIT_S = 1.0, 0.25, 0.02, 1e6
_FRAME = re.compile(r'File "([^"\n]+)", line (\d{1,7}) in ([\w\\<>]{1,80})$', re.MULTILINE)
_KEPT_VARIABLES = (
    "PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
    "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "TZ", "SYSTEMROOT",
)  # fmt: skip
"""What Python and its libraries need to be found; all else in the environment is no business of the user's file."""
_ENVIRONMENT = ONE_EACH | {
    "LC_ALL": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "PYTHONBREAKPOINT": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "USER": "chainrule",
}


class _Place(NamedTuple):
    """Where a process is in the user's code."""

    file: str
    line: int
    function: str


@dataclass(frozen=True)
class Limits:
    """What a user's file may take.

    Attributes:
        seconds: how long a check of it may take, all that is done on this side included.
        memory: MB beyond what Python and NumPy need.
        output: MB that it may print, in all.
    """

    seconds: float = 60.0
    memory: int = 2048
    output: int = 20


class Process:
    """``python -m chainrule.gradcheck.sandbox.child`` in a session of its own.

    Requests go to its standard input, replies come from its standard output, and what the user's code prints from its
    standard error. Two threads look after it: one takes what is printed, one ends it when its time is over.

    Args:
        path: the user's file, as the process will call it.
        limits: time and output are enforced here, memory and processor time by the process itself (``confine``).
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path, self.limits = path, limits
        self._latest, self._deadline = time.monotonic() + limits.seconds, math.inf
        self._turn_ends = math.inf
        self._output = bytearray()
        self._ended_for = ""
        self._time_is_up = False
        self._failure: CheckError | None = None
        self._closed = threading.Event()
        kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        self._popen = subprocess.Popen(
            [sys.executable, *CHILD, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
            env=kept | _ENVIRONMENT,
        )
        for pipe in (self._popen.stdin, self._popen.stdout):
            if hasattr(select, "poll") and pipe is not None:
                os.set_blocking(pipe.fileno(), False)
        self._threads = [_started(self._take_output), _started(self._watch)]

    def take_turn(self, part: float) -> None:
        """Until the next turn answer what is asked within this part of the time that is left; all of it: to the end."""
        now = time.monotonic()
        self._turn_ends = now + part * (self._latest - now) if part < 1 else math.inf

    def exchange(self, frame: bytes, bound: ReplyBound = PLAIN) -> tuple[bytearray, int]:
        """Send a frame, and give the one that comes back: its body, and how much of that is JSON.

        Args:
            frame: the request.
            bound: how large the reply may be; of a larger one nothing is read.

        Raises:
            TimeUpError: it has exceeded its time, or its turn is over.
            CheckError: it has exceeded another limit, ended, or sent no frame; it is gone then, and whatever is asked
                later gets the same answer.
        """
        if self._failure is not None:
            raise self._failure
        if time.monotonic() >= self._latest:
            # Answers that are each given before anybody looks take their time all the same.
            self._time_is_up = True
            self._end_for(self._slow(None))
            self._fail_ended()
        if time.monotonic() >= self._turn_ends:
            raise TimeUpError(
                f"{self.path.name}: its part of {self.limits.seconds:g} s was too little; give more with "
                "--time SECONDS",
                names_file=True,
            )
        self._deadline = self._latest
        try:
            self._write(frame)
            size, json_length = PREFIX.unpack(self._read(PREFIX.size))
            _require_within(bound, size, json_length)
            return self._read(size), json_length
        except FrameError as error:
            self.reject(error)
        except (OSError, EOFError):
            self._fail_ended()
        finally:
            self._deadline = math.inf

    def _write(self, frame: bytes) -> None:
        assert self._popen.stdin is not None
        rest = memoryview(frame)
        while rest:
            self._wait_for(self._popen.stdin)
            rest = rest[self._popen.stdin.write(rest) or 0 :]

    def _read(self, size: int) -> bytearray:
        """So many bytes of the reply.

        Raises:
            EOFError: there are no more.
        """
        assert self._popen.stdout is not None
        data = bytearray(size)
        rest = memoryview(data)
        while rest:
            self._wait_for(self._popen.stdout)
            count = self._popen.stdout.readinto(rest)  # type: ignore[attr-defined]
            if count == 0:
                raise EOFError
            rest = rest[count or 0 :]
        return data

    def _wait_for(self, pipe: IO[bytes]) -> None:
        """Until a pipe takes or gives bytes, or its other end is closed.

        A process that is out of time is ended, which closes its ends; but others may hold them too.

        Raises:
            EOFError: it does neither long after the time is over.
        """
        if hasattr(select, "poll"):
            ready = select.poll()
            ready.register(pipe, select.POLLOUT if pipe is self._popen.stdin else select.POLLIN)
            left = self._deadline + 2 * _STACK_S - time.monotonic()
            if not ready.poll(1000 * min(max(0.0, left), _LONGEST_WAIT_S)):
                raise EOFError

    def close(self) -> None:
        """End the process, whatever it does."""
        self._closed.set()
        self._kill()
        self._popen.wait()
        for thread in self._threads:
            # Others may hold the end of a pipe that it reads from.
            thread.join(_STACK_S)
        for pipe in (self._popen.stdin, self._popen.stdout, self._popen.stderr):
            with contextlib.suppress(OSError):
                assert pipe is not None
                pipe.close()
        self._failure = self._failure or CheckError(
            f"{self.path.name}: its process has been closed", names_file=True
        )

    def _kill(self) -> None:
        # Once it has been waited for, its number may be another's.
        if self._popen.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if sys.platform == "win32":
                    self._popen.kill()
                else:
                    os.killpg(self._popen.pid, signal.SIGKILL)

    def _take_output(self) -> None:
        """Take what is printed, keep the end of it, and end the process when it is too much."""
        assert self._popen.stderr is not None
        printed = 0
        while chunk := os.read(self._popen.stderr.fileno(), _CHUNK):
            printed += len(chunk)
            self._output = (self._output + chunk)[-_KEPT_OUTPUT:]
            if printed > self.limits.output * 2**20:
                self._end_for(
                    f"prints more than {self.limits.output} MB; take the prints out of its functions"
                )

    def _watch(self) -> None:
        """End the process when an answer takes longer than its time."""
        while time.monotonic() < self._deadline:
            if self._closed.wait(max(0.0, min(_TICK_S, self._deadline - time.monotonic()))):
                return
        if not self._ended_for:
            # A process that has hardly begun ends when it is asked where it is.
            self._time_is_up = True
            self._ended_for = self._slow(None)
            self._ended_for = self._slow(self._place())
        self._kill()

    def _end_for(self, reason: str) -> None:
        self._ended_for = self._ended_for or reason
        self._kill()

    def _slow(self, at: _Place | None) -> str:
        name = one_line(shown_name(self.path, at.file)) if at else ""
        doing = f" (in line {at.line} of {name}, {at.function})" if at else ""
        training = at is not None and at.function == "<module>"
        guard = 'put training under if __name__ == "__main__":, or ' if training else ""
        return (
            f"still runs after {self.limits.seconds:g} s{doing}; if it is no endless loop, {guard}give it more with "
            "--time SECONDS"
        )

    def _place(self) -> _Place | None:
        """The user's line at which the process is, from its own account; None when it gives none."""
        if sys.platform == "win32":
            return None
        self._output = bytearray()
        self._popen.send_signal(signal.SIGUSR1)
        end = time.monotonic() + _STACK_S
        while time.monotonic() < end and self._popen.poll() is None:
            for file, line, function in _FRAME.findall(self._output.decode(errors="replace")):
                if belongs_to(self.path, file):
                    return _Place(file, int(line), function)
            time.sleep(_POLL_S)
        return None

    def reject(self, error: FrameError) -> NoReturn:
        """End the process, which has sent what is no answer.

        Raises:
            CheckError: now, and for whatever is asked later.
        """
        self._fail(
            f"sends {error}, which is no answer; does it give back more than it was asked for, or write to pipes that "
            "it has not opened?"
        )

    def _fail(self, what: str) -> NoReturn:
        """End the process, and raise what it has done as one line.

        Raises:
            CheckError: now, and for whatever is asked later.
        """
        kind = TimeUpError if self._time_is_up else CheckError
        self._failure = kind(f"{self.path.name}: {what}", names_file=True)
        self.close()
        raise self._failure

    def _fail_ended(self) -> NoReturn:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(_STACK_S)
        code = self._popen.poll()
        self._kill()
        self._popen.wait()
        self._threads[0].join(_STACK_S)
        self._fail(self._ended_for or self._end(code))

    def _end(self, code: int | None) -> str:
        """Why the process is gone, in words."""
        if code is not None and code < 0:
            # Some signals have a number only.
            name = next((s.name for s in signal.Signals if s == -code), f"signal {-code}")
            if name == "SIGXCPU":
                self._time_is_up = True
                return f"uses more than {self.limits.seconds:g} s of processor time; give it more with --time SECONDS"
            if name == "SIGKILL":
                return "was killed, perhaps for lack of memory on this machine"
            return f"crashed outside of Python ({name})"
        said = one_line(self._output.decode(errors="replace").strip().rpartition("\n")[2][:200])
        return f"its process ended by itself (code {code}): {said or 'does it call os._exit?'}"


def _require_within(bound: ReplyBound, size: int, json_length: int) -> None:
    """Refuse a reply by its lengths.

    Raises:
        FrameError: it is too large, or they do not fit together.
    """
    for length, most in ((json_length, bound.json), (size - json_length, bound.arrays)):
        if not 0 <= length <= most:
            raise FrameError(f"{length} bytes where at most {most} can be meant")


def _started(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread
