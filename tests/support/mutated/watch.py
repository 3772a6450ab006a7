"""What a function does while it runs, as Python's own hooks tell it, and what time and memory it takes."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
import traceback
import warnings
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar, Literal, get_args

LONGEST = 5.0
"""Seconds of work after which a reading has failed."""

HANGING = 120
"""Seconds after which it is given up, also where it only waits: many, as a busy machine may give it few of them."""

MOST_MEMORY = 600 * 2**20
"""Bytes that a reading may take for itself."""

Fault = Literal["traceback", "hang", "memory", "outside", "left", "words"]
"""How a reading fails: by an error that is none of ours, or the end of its process; it takes too long, or too much
memory; it does what reading needs not, such as running code, or writing or reading elsewhere; it leaves something half
written; its refusal is no line."""

FAULTS: tuple[Fault, ...] = get_args(Fault)


class _Hanging(BaseException):
    """Reading takes too long."""


class Watch:
    """Watches a block: what it did that it should not, and how much time and memory it took.

    Attributes:
        fault, why: how it failed; None where it did not.
        seconds: of work.
        memory: bytes at most.
    """

    def __init__(self, place: Path) -> None:
        """Watch what may write below ``place`` alone."""
        self._place = place
        self.fault: Fault | None = None
        self.why, self.seconds, self.memory = "", 0.0, 0

    def __enter__(self) -> Watch:
        _Hook.install()
        self._warnings = warnings.catch_warnings()
        self._warnings.__enter__()
        warnings.simplefilter("error")
        self._before = _memory(reset=True)
        self._alarm = signal.signal(signal.SIGALRM, _give_up)
        signal.setitimer(signal.ITIMER_REAL, HANGING)
        self._started = time.process_time()
        _Hook.begin(self._place)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> bool:
        told = _Hook.end()
        self.seconds = time.process_time() - self._started
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self._alarm)
        self.memory = max(0, _memory() - self._before)
        self._warnings.__exit__(None, None, None)
        if isinstance(error, KeyboardInterrupt):
            return False
        shown = "".join(traceback.format_exception(error)) if error is not None else ""
        if told:
            self.fault, self.why = "outside", f"did {'; '.join(told)}"
        elif isinstance(error, _Hanging) or self.seconds > LONGEST:
            self.fault, self.why = "hang", f"took {self.seconds:.1f} s\n{shown}"
        elif error is not None:
            self.fault, self.why = "traceback", shown
        elif self.memory > MOST_MEMORY:
            self.fault, self.why = "memory", f"took {self.memory / 2**20:.0f} MB"
        return True


def _give_up(number: int, frame: FrameType | None) -> None:
    raise _Hanging(f"after {HANGING} s")


def _memory(reset: bool = False) -> int:
    """Bytes that this process holds, at most since the last reset; 0 where the system does not say."""
    with contextlib.suppress(OSError):
        if reset:
            Path("/proc/self/clear_refs").write_text("5")
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


_NEVER = {
    "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.kill", "os.putenv",
    "os.setxattr",
    "subprocess.Popen", "socket.connect", "socket.bind", "pickle.find_class", "ctypes.dlopen", "webbrowser.open",
}  # fmt: skip
"""What no reading of a file does."""

_WHERE = {
    "open", "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.symlink", "os.link", "os.chmod", "os.chown",
    "os.truncate", "os.utime",
}  # fmt: skip
"""What it may do below the folder that it is given."""


class _Hook:
    """Python's audit hook: it cannot be taken away again, so it listens only while a file is read."""

    installed = False
    place: Path | None = None
    told: ClassVar[list[str]] = []

    @classmethod
    def install(cls) -> None:
        if not cls.installed:
            sys.addaudithook(cls.hear)
            cls.installed = True

    @classmethod
    def begin(cls, place: Path) -> None:
        cls.told = []
        cls.place = place

    @classmethod
    def end(cls) -> list[str]:
        cls.place = None
        return cls.told

    @classmethod
    def hear(cls, event: str, arguments: tuple[Any, ...]) -> None:
        if cls.place is None or event not in _NEVER | _WHERE | {"exec"}:
            return
        place, cls.place = cls.place, None
        try:
            if event in _NEVER or not cls._allowed(event, arguments, place):
                cls.told.append(f"{event} {arguments!r:.300}")
        finally:
            cls.place = place

    @classmethod
    def _allowed(cls, event: str, arguments: tuple[Any, ...], place: Path) -> bool:
        if event == "exec":
            file = str(getattr(arguments[0], "co_filename", ""))
            return not file.startswith(("<string>", "<unknown>")) and not _below(file, place)
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, int):
                return True
            if not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
                return _below(path, place) or _below(path, *_CODE)
            return _below(path, place)
        # The folder that relative paths are of comes last: -1 for none.
        numbers = [-1, *(number for number in arguments if isinstance(number, int))]
        relative = event != "os.truncate" and numbers[-1] >= 0
        above = str(Path(f"/proc/self/fd/{numbers[-1]}").readlink()) if relative else ""
        paths = [path for path in arguments if isinstance(path, str | bytes | os.PathLike)]
        # What is renamed or removed is the link, not what it leads to.
        return all(_below(Path(above, os.fsdecode(path)).parent, place) for path in paths)


_CODE = [
    Path(name)
    for name in {sys.prefix, sys.base_prefix, str(Path(__file__).parents[3]), "/proc", "/sys", "/usr"}
]
"""Where Python, its libraries, and what they look up lie."""


def _below(path: Any, *places: Path) -> bool:
    name = os.path.realpath(os.fsdecode(path))
    return any(name == str(place) or name.startswith(f"{place}{os.sep}") for place in places)
