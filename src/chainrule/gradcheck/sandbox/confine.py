"""What the process of a user's file may take and do: limits by the system, refusals by an audit hook.

An audit hook sees what Python code asks for, gives it a clear answer, and cannot be taken away again. It is no wall
against native code that is out to do harm: check submissions that you would not run yourself in a container. Reading
is not refused. Time and output are limited from outside (:mod:`chainrule.gradcheck.sandbox.process`), and what the file
sees as its folder is a copy (:mod:`chainrule.gradcheck.sandbox.staging`).
"""

from __future__ import annotations

import ctypes
import math
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any

LARGEST_FILE = 64 * 2**20

_PROGRAMS = {
    "subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile",
    "pty.spawn", "webbrowser.open",
}  # fmt: skip
_OTHER_PROCESSES = {"os.kill", "os.killpg", "signal.pthread_kill", "resource.setrlimit", "resource.prlimit"}
_NATIVE = {"ctypes.dlopen", "ctypes.dlsym", "ctypes.dlsym/handle"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES: Mapping[str, tuple[tuple[int, int], ...]] = {
    # Where an event's arguments hold the paths that it changes, and the folders' descriptors that go with them.
    "os.remove": ((0, 1),),
    "os.rmdir": ((0, 1),),
    "os.mkdir": ((0, 2),),
    "os.rename": ((0, 2), (1, 3)),
    "os.link": ((0, 2), (1, 3)),
    "os.symlink": ((1, 2),),
    "os.truncate": ((0, -1),),
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "os.utime": ((0, 3),),
    "os.setxattr": ((0, -1),),
    "os.removexattr": ((0, -1),),
    "sqlite3.connect": ((0, -1),),
}
_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


def die_with_parent() -> None:
    """Let the system end this process when the one that started it is gone (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def leave_network() -> None:
    """Go to a network without any interface where the system lets this process do so (Linux)."""
    if sys.platform == "linux":
        unshare = ctypes.CDLL(None).unshare
        if unshare(_CLONE_NEWNET):
            unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def limit(memory: int, seconds: float) -> None:
    """Set what the system will not let this process exceed.

    Args:
        memory: MB on top of what is in use now.
        seconds: of processor time.
    """
    processor = math.ceil(seconds) + 1
    # What is measured is the address space: the one kind of memory that the system lets a process limit.
    held = _address_space()
    limits = {
        **({resource.RLIMIT_AS: held + memory * 2**20} if held else {}),
        resource.RLIMIT_CPU: processor,
        resource.RLIMIT_FSIZE: LARGEST_FILE,
        resource.RLIMIT_CORE: 0,
    }
    for kind, value in limits.items():
        _, most = resource.getrlimit(kind)
        bound = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(kind, (bound, bound))


def _address_space() -> int:
    """Bytes in use; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def refuse(private: Path, is_users: Callable[[str], bool]) -> None:
    """From now on refuse the network, other programs and processes, and changes of files outside ``private``.

    Args:
        private: the one folder that may be written to.
        is_users: whether the code with this file name is the user's own; that code may not load native functions,
            the packages it uses may.
    """
    home = os.path.realpath(private)
    copying = threading.local()

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if getattr(copying, "now", False):
            return
        if event == "open":
            path, mode, flags = arguments
            if _writes(mode, flags):
                copying.now = True
                try:
                    _own_copy(home, path)
                finally:
                    copying.now = False
                _require_inside(home, path, -1)
        elif event in _CHANGES:
            for place, descriptor in _CHANGES[event]:
                _require_inside(home, arguments[place], arguments[descriptor] if descriptor > 0 else -1)
        elif event in _PROGRAMS:
            raise PermissionError(f"a check runs no other program ({event}); take it out of what is checked")
        elif event in _OTHER_PROCESSES:
            raise PermissionError(f"a check changes no other process and no limit ({event})")
        elif event == "urllib.Request" or (
            event.startswith("socket.") and event not in ("socket.__new__", "socket.gethostname")
        ):
            where = arguments[0] if event == "urllib.Request" else event
            raise PermissionError(f"a check has no network ({where:.200}); read from a file beside it")
        elif event in _NATIVE and is_users(_caller(sys._getframe(1))):
            raise PermissionError(f"a check lets a file call no native code ({event})")

    sys.addaudithook(audit)


def _writes(mode: str | None, flags: int | None) -> bool:
    return bool(set(mode or "") & set("wax+")) or bool((flags or 0) & _WRITING)


def _own_copy(home: str, path: Any) -> None:
    """Put a copy where a link in ``home`` leads to a file outside, which is about to be written to."""
    if isinstance(path, int) or not os.path.islink(path):  # noqa: PTH114
        return
    name = os.path.abspath(os.fsdecode(path))  # noqa: PTH100
    link = Path(os.path.realpath(os.path.dirname(name)), os.path.basename(name))  # noqa: PTH119, PTH120
    if _inside(home, str(link)) and link.is_file():
        content = link.read_bytes()
        link.unlink()
        link.write_bytes(content)


def _require_inside(home: str, path: Any, descriptor: int) -> None:
    """Refuse a path outside ``home``; one that is a descriptor was opened before, and so allowed."""
    if isinstance(path, int):
        return
    name = os.fsdecode(path)
    if descriptor >= 0:
        name = os.path.join(os.readlink(f"/proc/self/fd/{descriptor}"), name)  # noqa: PTH115, PTH118
    folder, last = os.path.split(os.path.abspath(name))  # noqa: PTH100
    real = os.path.realpath(name)
    beside = os.path.join(os.path.realpath(folder), last)  # noqa: PTH118
    if name in (os.devnull, ":memory:") or (_inside(home, real) and _inside(home, beside)):
        return
    raise PermissionError(
        f"a check changes no file ({name:.200}); write to the current folder, which is a copy, or not at all"
    )


def _inside(home: str, path: str) -> bool:
    return path == home or path.startswith(home + os.sep)


def _caller(frame: FrameType | None) -> str:
    """The file of the code that asked, which is not ctypes itself."""
    while frame and os.path.dirname(frame.f_code.co_filename) == os.path.dirname(ctypes.__file__):  # noqa: PTH120
        frame = frame.f_back
    return frame.f_code.co_filename if frame else ""
