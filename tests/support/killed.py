"""Commands that are killed at random moments, they or one of their workers, and run again: as if nothing had been?

A moment is a time since the start, or the change of a file before which the process dies: ``killing/sitecustomize.py``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from support.killed_commands import Command
from support.processes import group, wait_until

ENOUGH_S = 600
GONE_S = 10
"""Workers look after their driver once a second."""
_OTHER = re.compile(r"journal\.log|\.driver\.lock")
"""Files that hold times and process ids, and nothing that anything else is made of."""
_LEAVES = {".driver.lock"}
_TRIED = re.compile("[a-z0-9_]{8}")


@dataclass(frozen=True)
class Moment:
    """When who dies, and how.

    Attributes:
        role: the driver or a worker.
        signal: what it gets.
        seconds: since the start; None where a change counts.
        change: before which change of a file, by its own count; None where time counts.
        again: whether the command had been run to its end before.
    """

    role: str
    signal: signal.Signals
    seconds: float | None
    change: int | None
    again: bool

    def __str__(self) -> str:
        when = f"change {self.change}" if self.seconds is None else f"{self.seconds:.2f} s"
        return f"{self.signal.name} for the {self.role} at {when}{', once more' if self.again else ''}"


@dataclass(frozen=True)
class Undisturbed:
    """What a command leaves when nobody kills it.

    Attributes:
        files: by name below ``out``.
        seconds: that it took.
        changes: of files, by role.
    """

    files: dict[str, bytes]
    seconds: float
    changes: dict[str, int]


@dataclass(frozen=True)
class Ending:
    """What became of a trial.

    Attributes:
        hit: whether somebody was killed; the command may have been quicker.
        resumed: whether the command had to be run again.
        unequal: what is not as if nobody had been killed, a line each.
        left: what was left behind, a line each.
    """

    hit: bool
    resumed: bool
    unequal: tuple[str, ...]
    left: tuple[str, ...]


def undisturbed(command: Command, folder: Path, roles: Sequence[str] = ()) -> Undisturbed:
    """Run a command to its end, once for each role whose changes are to be counted; that leaves the same."""
    files, changes, seconds = {}, {}, 0.0
    for role in roles or command.roles:
        where = _place(command, folder / role)
        start = time.monotonic()
        process = _started(command, where, _order(where, role))
        errors = _ended(process, where)
        assert process.returncode == 0, errors
        seconds = time.monotonic() - start
        changes[role] = (where / "changes").stat().st_size
        files[role] = _files(where)
    first = next(iter(files.values()))
    for others in files.values():
        assert not list(_differing(others, first))
    return Undisturbed(first, seconds, changes)


def moment(command: Command, usual: Undisturbed, rng: np.random.Generator) -> Moment:
    """Draw when who dies, and how: mostly by SIGKILL."""
    role = command.roles[rng.integers(len(command.roles))]
    polite = [signal.SIGTERM, signal.SIGINT] if role == "driver" else [signal.SIGTERM]
    how = signal.SIGKILL if rng.random() < 0.7 else polite[rng.integers(len(polite))]
    again = command.replaces and bool(rng.random() < 0.5)
    if rng.random() < 0.5:
        return Moment(role, how, float(rng.uniform(0, usual.seconds)), None, again)
    # Two workers share the changes of files.
    most = max(1, usual.changes[role] // (1 if role == "driver" else 2))
    return Moment(role, how, None, int(rng.integers(1, most + 1)), again)


def killed(command: Command, usual: Undisturbed, chosen: Moment, folder: Path) -> Ending:
    """Run a command in a new folder, kill as chosen, run it again, and look at what there is."""
    where = _place(command, folder)
    if chosen.again:
        for name, data in usual.files.items():
            (where / "out" / name).parent.mkdir(parents=True, exist_ok=True)
            (where / "out" / name).write_bytes(data)
    bomb = where / "bomb"
    bomb.touch()
    process = _started(command, where, _order(where, chosen.role, chosen))
    if chosen.seconds is not None:
        _kill_later(process, chosen, bomb)
    errors = _ended(process, where)
    hit = not bomb.exists()
    bomb.unlink(missing_ok=True)
    right = process.returncode in _codes(chosen)
    unequal = [] if right else [f"ended with {process.returncode}: {errors[-500:]}"]
    left = list(_running(process.pid))
    if process.returncode:
        if chosen.again:
            unequal += _refused(command, where, ["data", "info", "cifar10", "--json", "--data-dir", "out"])
        unequal += _refused(command, where, command.words)
    unequal += _differing(_files(where), usual.files)
    left += _left(where, process.pid)
    shutil.rmtree(folder)
    return Ending(hit, bool(process.returncode), tuple(unequal), tuple(left))


def _codes(chosen: Moment) -> set[int]:
    """How the command may end. It may have been quicker; its worker's death is none of its own."""
    if chosen.role == "worker":
        return {0}
    # Python takes a moment until the command deals with signals.
    return {0, -chosen.signal} | ({130} if chosen.signal != signal.SIGKILL else set())


def _place(command: Command, folder: Path) -> Path:
    """A new folder for a command, always of one name, with another one for temporary files."""
    where = folder / "work"
    (where / "tmp").mkdir(parents=True)
    command.prepare(where)
    return where


def _order(where: Path, role: str, chosen: Moment | None = None) -> dict[str, object]:
    """Whom to watch, and when it is to die."""
    return {
        "root": str(where), "role": role, "log": str(where / "changes"), "bomb": str(where / "bomb"),
        "change": chosen and chosen.change, "signal": chosen and int(chosen.signal),
    }  # fmt: skip


def _environment(where: Path) -> dict[str, str]:
    return {**os.environ, "TMPDIR": str(where / "tmp"), "CHAINRULE_DATA": str(where / "data")}


def _started(command: Command, where: Path, order: dict[str, object]) -> subprocess.Popen[bytes]:
    """The command in a process group of its own, watched."""
    watched = {"KILLING": json.dumps(order), "PYTHONPATH": str(Path(__file__).parent / "killing")}
    with (where / "errors").open("wb") as errors:
        return subprocess.Popen(
            [sys.executable, *command.start, *command.words], cwd=where, env=_environment(where) | watched,
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=errors,
        )  # fmt: skip


def _ended(process: subprocess.Popen[bytes], where: Path) -> str:
    """What the command said on standard error to its end; one that has none gets a signal that nobody else sends."""
    try:
        process.wait(ENOUGH_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGABRT)
        process.wait()
    return (where / "errors").read_text()


def _kill_later(process: subprocess.Popen[bytes], chosen: Moment, bomb: Path) -> None:
    """Kill at the chosen time, or when there is a worker, unless the command is quicker."""
    assert chosen.seconds is not None
    time.sleep(chosen.seconds)
    while process.poll() is None:
        pids = [process.pid] if chosen.role == "driver" else sorted(_workers(process.pid))
        for pid in pids[:1]:
            bomb.unlink()
            os.kill(pid, chosen.signal)
            return
        time.sleep(0.01)


def _workers(driver: int) -> Iterator[int]:
    for pid in group(driver):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_text()
        except OSError:
            continue
        if "popen_loky" in words:
            yield pid


def _running(driver: int) -> Iterator[str]:
    """Processes that stay."""
    try:
        wait_until(lambda: not group(driver), GONE_S)
    except AssertionError:
        for pid in group(driver):
            yield f"process {pid}"
            os.kill(pid, signal.SIGKILL)


def _refused(command: Command, where: Path, words: Sequence[str]) -> Iterator[str]:
    """A line where a command is not done to the end."""
    done = subprocess.run(
        [sys.executable, *command.start, *words], cwd=where, env=_environment(where), check=False,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=ENOUGH_S,
    )  # fmt: skip
    if done.returncode:
        yield f"{' '.join(words[:2])} ended with {done.returncode}: {done.stderr[-500:]}"


def _files(where: Path) -> dict[str, bytes]:
    """What lies below ``out``, by name."""
    out = where / "out"
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def _differing(files: dict[str, bytes], usual: dict[str, bytes]) -> Iterator[str]:
    for name in sorted(usual.keys() | files.keys()):
        if not _OTHER.fullmatch(name) and files.get(name) != usual.get(name):
            what = "is new" if name not in usual else "is missing" if name not in files else "differs"
            yield f"{name}: {what}"


def _left(where: Path, driver: int) -> Iterator[str]:
    """What no command may leave: files beside its own, temporary ones, and what processes share."""
    for path in (where / "tmp").rglob("*"):
        # Python itself tries with a file where temporary ones can go, for an instant.
        if not (path.parent.name == "tmp" and _TRIED.fullmatch(path.name) and path.is_file()):
            yield str(path.relative_to(where))
    for path in (where / "out").rglob(".*"):
        if path.name not in _LEAVES:
            yield str(path.relative_to(where))
    shared = Path("/dev/shm")
    yield from (
        path.name for path in (shared.iterdir() if shared.is_dir() else ()) if f"loky-{driver}-" in path.name
    )
