"""A process for a user's file, driven through pipes: one frame there, one frame back, within limits."""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, NoReturn

from chainrule.errors import CheckError
from chainrule.gradcheck.program.source import belongs_to, shown_name
from chainrule.gradcheck.sandbox.codec import PREFIX, FrameError
from chainrule.machine.threads import ONE_EACH

STACK_FILE = "stack"
"""Where in its private folder a process writes what it is doing when it is asked by SIGUSR1."""

_CHUNK = 2**16
_KEPT_OUTPUT = 2**16
_LARGEST_FRAME = 256 * 2**20
_FIRST_DESCRIPTOR = 200
_STACK_S, _POLL_S = 1.0, 0.02
_FRAME = re.compile(r'File "([^"\n]+)", line (\d+) in (\S+)')
_ENVIRONMENT = ONE_EACH | {
    "MPLBACKEND": "Agg",
    "PYTHONBREAKPOINT": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
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
        seconds: how long its process may work, in all.
        memory: MB beyond what Python and NumPy need.
        output: MB that it may print, in all.
    """

    seconds: float = 60.0
    memory: int = 2048
    output: int = 20


class Process:
    """``python -m chainrule.gradcheck.sandbox.child`` in a session of its own.

    Args:
        path: the user's file.
        private: a folder of this process alone, for temporary files.
        cwd: where it runs.
        limits: time and output are enforced here, memory and processor time by the process itself (``confine``).
    """

    def __init__(self, path: Path, private: Path, cwd: Path, limits: Limits) -> None:
        self.path, self.limits = path, limits
        self._private, self._seconds_left = private, limits.seconds
        self._printed = 0
        self._failure: CheckError | None = None
        child_ends, (self._requests, self._replies) = _pipes()
        try:
            command = [sys.executable, "-P", "-m", "chainrule.gradcheck.sandbox.child"]
            self._popen = subprocess.Popen(
                [*command, *map(str, (*child_ends, os.getpid()))],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=child_ends,
                start_new_session=True,
                cwd=cwd,
                env=os.environ | _ENVIRONMENT | {"TMPDIR": str(private)},
            )
        except BaseException:
            for descriptor in (self._requests, self._replies):
                os.close(descriptor)
            raise
        finally:
            for descriptor in child_ends:
                os.close(descriptor)
        assert self._popen.stdout is not None
        self._output = self._popen.stdout.fileno()
        self._said = bytearray()
        for descriptor in (self._requests, self._replies, self._output):
            os.set_blocking(descriptor, False)

    def exchange(self, frame: bytes) -> tuple[bytearray, int]:
        """Send a frame, and give the one that comes back: its body, and how much of that is JSON.

        Raises:
            CheckError: the process has exceeded a limit, ended, or sent no frame; it is gone then, and whatever is
                asked later gets the same answer.
        """
        if self._failure is not None:
            raise self._failure
        started = time.monotonic()
        try:
            return self._pump(memoryview(frame), started + self._seconds_left)
        except FrameError as error:
            self.reject(error)
        finally:
            self._seconds_left -= time.monotonic() - started

    def close(self) -> None:
        """End the process, whatever it does."""
        # Once it has been waited for, its number may be another's.
        if self._popen.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()
        if self._popen.stdout is not None:
            self._popen.stdout.close()
        for descriptor in (self._requests, self._replies):
            with contextlib.suppress(OSError):
                os.close(descriptor)
        self._requests = self._replies = -1
        self._failure = self._failure or CheckError(
            f"{self.path.name}: its process has been closed", names_file=True
        )

    def _pump(self, request: memoryview, deadline: float) -> tuple[bytearray, int]:
        """Write the request, drain what is printed, and read the reply, whichever is ready."""
        reply = _Reply()
        with selectors.DefaultSelector() as selector:
            selector.register(self._requests, selectors.EVENT_WRITE)
            selector.register(self._replies, selectors.EVENT_READ)
            selector.register(self._output, selectors.EVENT_READ)
            while not reply.complete:
                ready = [key.fd for key, _ in selector.select(max(0.0, deadline - time.monotonic()))]
                if time.monotonic() >= deadline:
                    self._fail_slow()
                if self._output in ready and not self._drain():
                    selector.unregister(self._output)
                if self._requests in ready:
                    request = request[self._write(request) :]
                    if not request:
                        selector.unregister(self._requests)
                if self._replies in ready and not reply.feed(self._replies):
                    self._fail_ended()
            if request:
                raise FrameError("an answer to a question that it has not read")
        return reply.body, reply.json_length

    def _write(self, request: memoryview) -> int:
        try:
            return os.write(self._requests, request[:_CHUNK])
        except BrokenPipeError:
            self._fail_ended()

    def _drain(self) -> bool:
        """Take what was printed; False when the process has closed its output."""
        with contextlib.suppress(BlockingIOError):
            chunk = os.read(self._output, _CHUNK)
            self._printed += len(chunk)
            self._said += chunk[: _KEPT_OUTPUT - len(self._said)]
            if self._printed > self.limits.output * 2**20:
                self._fail(f"prints more than {self.limits.output} MB; take the prints out of its functions")
            return bool(chunk)
        return True

    def reject(self, error: FrameError) -> NoReturn:
        """End the process, which has sent what is no answer.

        Raises:
            CheckError: now, and for whatever is asked later.
        """
        self._fail(f"sends {error}, which is no answer; does the file write to pipes that it has not opened?")

    def _fail(self, what: str) -> NoReturn:
        """End the process, and raise what it has done as one line.

        Raises:
            CheckError: now, and for whatever is asked later.
        """
        self._failure = CheckError(f"{self.path.name}: {what}", names_file=True)
        self.close()
        raise self._failure

    def _fail_slow(self) -> NoReturn:
        at = self._place()
        doing = f" (in line {at.line} of {shown_name(self.path, at.file)}, {at.function})" if at else ""
        training = at is not None and at.function == "<module>"
        guard = 'put training under if __name__ == "__main__":, or ' if training else ""
        self._fail(
            f"still runs after {self.limits.seconds:g} s{doing}; if it is no endless loop, {guard}give it more with "
            "--time SECONDS"
        )

    def _place(self) -> _Place | None:
        """The user's line at which the process is, from its own account; None when it gives none."""
        account = self._private / STACK_FILE
        with contextlib.suppress(OSError):
            self._popen.send_signal(signal.SIGUSR1)
            end = time.monotonic() + _STACK_S
            while time.monotonic() < end and self._popen.poll() is None:
                frames = _FRAME.findall(account.read_text(errors="replace")[:_CHUNK])
                for file, line, function in frames:
                    if belongs_to(self.path, file):
                        return _Place(file, int(line), function)
                time.sleep(_POLL_S)
        return None

    def _fail_ended(self) -> NoReturn:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(_STACK_S)
        while self._popen.poll() is not None and self._drain():
            pass
        self._fail(self._end(self._popen.poll()))

    def _end(self, code: int | None) -> str:
        """Why the process is gone, in words."""
        if code == -signal.SIGXCPU:
            return f"uses more than {self.limits.seconds:g} s of processor time; give it more with --time SECONDS"
        if code == -signal.SIGKILL:
            return "was killed, perhaps for lack of memory on this machine"
        if code is not None and code < 0:
            return f"crashed outside of Python ({signal.Signals(-code).name})"
        said = self._said.decode(errors="replace").strip().rpartition("\n")[2][:200]
        return f"its process ended by itself (code {code}): {said or 'does it call os._exit?'}"


class _Reply:
    """A frame as it arrives."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.json_length = 0
        self._prefix = bytearray()
        self._size = -1

    @property
    def complete(self) -> bool:
        return len(self.body) == self._size

    def feed(self, descriptor: int) -> bool:
        """Take what is there, but nothing beyond this frame; False at the end of the pipe."""
        with contextlib.suppress(BlockingIOError):
            if self._size < 0:
                chunk = os.read(descriptor, PREFIX.size - len(self._prefix))
                self._prefix += chunk
                if len(self._prefix) == PREFIX.size:
                    self._size, self.json_length = PREFIX.unpack(self._prefix)
                if self._size > _LARGEST_FRAME:
                    raise FrameError(f"{self._size} bytes")
            else:
                chunk = os.read(descriptor, min(self._size - len(self.body), _CHUNK))
                self.body += chunk
            return bool(chunk)
        return True


def _pipes() -> tuple[tuple[int, int], tuple[int, int]]:
    """Requests and replies: the child's ends, numbered so high that no code takes them for its own, and ours."""
    if sys.platform == "win32":
        raise CheckError(
            "files are checked on Linux and macOS only; from Python, use chainrule.gradcheck.check_gradient"
        )
    import fcntl

    request_read, request_write = os.pipe()
    reply_read, reply_write = os.pipe()
    high = []
    for descriptor in (request_read, reply_write):
        high.append(fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _FIRST_DESCRIPTOR))
        os.close(descriptor)
    return (high[0], high[1]), (request_write, reply_read)
