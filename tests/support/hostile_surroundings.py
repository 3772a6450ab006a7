"""What hostile programs are after, and whether all of it is as it was."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import uuid
from pathlib import Path

import numpy as np
import pytest

import chainrule
from support.processes import wait_until

VARIABLE = "CHAINRULE_HOSTILE"
_SHARED = ("/tmp", "/var/tmp", "/dev/shm", "/run")
_ENOUGH_S = 30


class Surroundings:
    """A course with a neighbour's hand-in, a home folder with a secret, a folder of somebody else's, a library, servers
    that listen, and a process, this one, that takes signals.

    Attributes:
        token: what is in everything that is not to be read.
        values: places, ports and names, as programs call them.
    """

    def __init__(self, folder: Path, stack: contextlib.ExitStack, patch: pytest.MonkeyPatch) -> None:
        self.token = f"token-{uuid.uuid4().hex}"
        mark = f"hostile{uuid.uuid4().hex[:12]}"
        self._mark, self._folder = mark, folder
        home, course, outside = (folder / f"{name}-{mark}" for name in ("home", "course", "outside"))
        # Where a process runs and imports from, it may know.
        temporary, libraries = folder / "temporary", folder / "libraries"
        for place in (home, course, outside, temporary, libraries / "__pycache__"):
            place.mkdir(parents=True)
        self._hand_in, self._temporary = course / "net.py", temporary
        secret, victim, neighbour = home / "secret", outside / "file", course / "neighbour.py"
        library = libraries / "library.py"
        library.write_text("answer = 42\n")
        secret.write_text(f"{self.token}\n")
        victim.write_text("left alone\n")
        neighbour.write_text(f"ANSWER = {self.token!r}\n")
        # Whoever has rights over files at all could write to these.
        for path in (secret, victim, neighbour, library):
            path.chmod(0o666)
        outside.chmod(0o777)
        patch.setenv("HOME", str(home))
        patch.setenv(VARIABLE, self.token)
        patch.setenv("PYTHONPATH", str(libraries))
        patch.setattr("tempfile.tempdir", str(temporary))
        opened = secret.open()
        stack.callback(opened.close)
        os.set_inheritable(opened.fileno(), True)
        self._signals: list[int] = []
        before = signal.signal(signal.SIGURG, lambda number, _: self._signals.append(number))
        stack.callback(signal.signal, signal.SIGURG, before)
        self._servers = [stack.enter_context(_server(*kind)) for kind in (
            (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            (socket.AF_UNIX, socket.SOCK_STREAM, f"\0{mark}"),
        )]  # fmt: skip
        port = self._servers[0].getsockname()[1]
        self._servers.append(
            stack.enter_context(_server(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", port)))
        )
        with contextlib.suppress(OSError):
            server = _server(socket.AF_INET6, socket.SOCK_STREAM, ("::1", port))
            self._servers.append(stack.enter_context(server))
        # The path of a socket is short: it is reached from the folder.
        socket_path = outside / "socket"
        here = Path.cwd()
        os.chdir(outside)
        self._servers.append(stack.enter_context(_server(socket.AF_UNIX, socket.SOCK_STREAM, "socket")))
        os.chdir(here)
        self.values: dict[str, str | int] = {
            "secret": str(secret), "victim": str(victim), "neighbour": str(neighbour), "outside": str(outside),
            "temporary": str(temporary), "original": str(self._hand_in), "library": str(library),
            "socket_path": str(socket_path), "abstract": mark, "port": port, "parent": os.getpid(),
            "mark": mark, "variable": VARIABLE, "host": os.uname().nodename,
        }  # fmt: skip
        self._before = self._state()

    def write(self, text: str) -> Path:
        """Hand a program in."""
        self._hand_in.write_text(text)
        self._before = self._state()
        return self._hand_in

    def require_unharmed(self) -> None:
        """Everything is as it was when the program was handed in, and nobody has come by."""
        assert self._state() == self._before
        assert list(self._temporary.iterdir()) == []
        assert self._left_behind() == []
        assert self._signals == []
        for server in self._servers:
            with pytest.raises(BlockingIOError):
                server.accept() if server.type == socket.SOCK_STREAM else server.recv(1)
        wait_until(lambda: not self._processes(), _ENOUGH_S)

    def _state(self) -> object:
        """All that could be changed: files to the byte, and what this process is."""
        files = [path for path in self._folder.rglob("*") if self._temporary not in path.parents]
        ours = (dict(os.environ), Path.cwd(), os.getpriority(os.PRIO_PROCESS, 0), os.sched_getaffinity(0))
        opened, threads = len(list(Path("/proc/self/fd").iterdir())), threading.active_count()
        return sorted(map(_described, files)), ours, opened, threads

    def _left_behind(self) -> list[Path]:
        """Files that carry the mark where everybody may write, beside NumPy, or beside the checker's code."""
        packages = (Path(module.__file__ or "").parent for module in (np, chainrule))
        folders = [
            *map(Path, _SHARED),
            *(place for path in packages for place in (path, path / "__pycache__")),
        ]
        return [path for folder in folders for path in folder.glob(f"*{self._mark}*")]

    def _processes(self) -> list[Path]:
        """Processes that a check of ours has started, whatever they have become."""
        checks = f"chainrule.gradcheck.sandbox.child\0{os.getpid()}\0".encode()
        return [
            folder
            for folder in Path("/proc").glob("[0-9]*")
            if any(part in _command(folder) for part in (checks, self._mark.encode()))
        ]


def _described(path: Path) -> tuple[object, ...]:
    about = path.lstat()
    content = path.read_bytes() if path.is_file() else b""
    attributes = tuple(os.listxattr(path, follow_symlinks=False)) if path.is_file() else ()
    named = (about.st_mode, about.st_uid, about.st_gid, about.st_nlink, about.st_mtime_ns, about.st_ino)
    return str(path), named, content, attributes


def _command(process: Path) -> bytes:
    # A process that has ended in the meantime has left nothing behind.
    with contextlib.suppress(OSError):
        return (process / "cmdline").read_bytes()
    return b""


def _server(family: int, kind: int, address: object) -> socket.socket:
    server = socket.socket(family, kind)
    try:
        server.bind(address)  # type: ignore[arg-type]
        server.setblocking(False)
        if kind == socket.SOCK_STREAM:
            server.listen()
    except OSError:
        server.close()
        raise
    return server
