"""One damaged file after the other, each read under watch: what came of it, and whether that is as it should be."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import tempfile
import traceback
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from chainrule.errors import ChainruleError
from support.mutated.reader import Files, Reader
from support.mutated.watch import Fault, Watch

NO_FILES = 0.03
"""Of all inputs, how many are no regular files."""

MOST_LINES = 100
"""Problems that anybody reads."""

Outcome = Literal["read", "refused"] | Fault
"""What comes of an input: it is read, or refused in lines of ours, or reading it fails."""


@dataclass(frozen=True)
class Attempt:
    """What came of one input.

    Attributes:
        reader, number: which; the same again are the same input.
        outcome: in a word.
        why: the lines, or how it failed.
        seconds: of work.
        memory: bytes at most.
    """

    reader: str
    number: int
    outcome: Outcome
    why: str
    seconds: float = 0.0
    memory: int = 0

    @property
    def failed(self) -> bool:
        """Whether reading it failed."""
        return self.outcome not in ("read", "refused")


def attempts(reader: Reader, numbers: Iterable[int]) -> Iterator[Attempt]:
    """The inputs of these numbers, one after the other, in a folder of their own; valid files were read before, so that
    what is loaded once is loaded."""
    with tempfile.TemporaryDirectory(prefix="mutated-") as name:
        place = Path(name).resolve()
        _write(place / "given", reader.files())
        reader.read(place / "given")
        shutil.rmtree(place / "given")
        for number in numbers:
            yield _attempt(reader, number, place)


def _attempt(reader: Reader, number: int, place: Path) -> Attempt:
    """Damage a file of the reader's, have it read below ``place``, and tidy up."""
    folder = place / "given"
    lines: tuple[str, ...] = ()
    try:
        given(reader, number, folder)
        with Watch(place) as watch:
            try:
                reader.read(folder)
            except ChainruleError as error:
                lines = error.problems or ("",)
        outcome, why = _judged(watch, lines, place)
        return Attempt(reader.name, number, outcome, why, watch.seconds, watch.memory)
    except Exception:
        return Attempt(reader.name, number, "traceback", traceback.format_exc())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _judged(watch: Watch, lines: tuple[str, ...], place: Path) -> tuple[Outcome, str]:
    left = [path for path in place.rglob(".*") if path.name.endswith((".tmp", ".old"))]
    others = [path for path in place.iterdir() if path.name != "given"]
    if watch.fault:
        return watch.fault, watch.why
    # The command line makes what does not print visible, and cuts long ones.
    if len(lines) > MOST_LINES or any(not line.strip() or "\n" in line for line in lines):
        return "words", f"{len(lines)} problems, or an empty one, or one of several lines: {lines!r:.500}"
    if left or others:
        return "left", f"left behind: {[*left, *others]}"
    return ("refused" if lines else "read"), "\n".join(lines)


def given(reader: Reader, number: int, folder: Path) -> None:
    """Write the files of a reader, one of them damaged."""
    draws = np.random.Generator(np.random.PCG64([zlib.crc32(reader.name.encode()), number]))
    files = dict(reader.files())
    known = [name for name in files if reader.changes_of(name)]
    name = known[draws.integers(len(known))]
    if draws.random() < NO_FILES:
        _write(folder, {other: data for other, data in files.items() if other != name})
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        _NO_FILE[draws.integers(len(_NO_FILE))](folder / name)
        return
    ways = reader.changes_of(name)
    for _ in range(1 if draws.random() < 0.7 else 2):
        with contextlib.suppress(Exception):  # what was damaged once may not be what the next way expects
            files[name] = ways[draws.integers(len(ways))](files[name], draws)
    _write(folder, files)


def _write(folder: Path, files: Files) -> None:
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


_NO_FILE = (
    lambda path: path.symlink_to("/dev/zero"), lambda path: path.symlink_to("/dev/tty"),
    lambda path: path.symlink_to(path),
    lambda path: path.symlink_to(".."), lambda path: path.symlink_to("nowhere"), os.mkfifo, Path.mkdir, _socket,
    lambda path: path.symlink_to("/proc/self/mem"), lambda path: None,
)  # fmt: skip
"""What may lie in the place of a file; the last one leaves it out."""
