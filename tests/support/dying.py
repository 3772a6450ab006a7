"""Processes that die at each step of what they do with files: ``python dying.py ACT FOLDER``.

A step is whatever changes what lies on the disk, as Python's audit hooks tell of it. For every step, what is there
before the act is made anew, and a process that does the act is killed right before that step; another one that settles
the folder is then killed before each of its own steps. What both leave is told as a line of JSON.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from chainrule import files
from chainrule.data import cifar10, datasets
from support.archives import python_files

STEPS = {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.truncate"}


def killed_before(step: int, act: Callable[[], object]) -> str | None:
    """Do it in a process that is killed before its step of that number: what it was about to do, None if it came to its
    end."""
    told, tell = os.pipe()
    process = os.fork()
    if process == 0:
        steps = iter(range(step + 1))

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if (event in STEPS or writes) and next(steps, step) == step:
                os.write(tell, event.encode())
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        act()
        os._exit(0)
    os.close(tell)
    _, status = os.waitpid(process, 0)
    with os.fdopen(told) as pipe:
        event = pipe.read()
    assert event or status == 0, f"the act failed: {status}"
    return event or None


class File:
    """A file that is replaced."""

    def settle(self, path: Path) -> None:
        """Put back and sweep what killed processes left."""
        files.settle(path)

    def act(self, path: Path, content: str) -> None:
        """Write it."""
        files.write_text(path, content)

    def look(self, path: Path) -> str:
        """What is in it."""
        return path.read_text() if path.exists() else "gone"


class Folder(File):
    """A folder of two files that is replaced."""

    def act(self, path: Path, content: str) -> None:
        """Write it."""

        def fill(folder: Path) -> None:
            for name in "ab":
                (folder / name).write_text(content)

        files.write_directory(path, fill)

    def look(self, path: Path) -> str:
        """What is in it."""
        if not path.exists():
            return "gone"
        held = [(path / name).read_text() if (path / name).exists() else "" for name in "ab"]
        return held[0] if held[0] == held[1] else "half"


class Import:
    """CIFAR-10 that is imported over one of fewer images; it is settled by whoever looks for it."""

    COUNTS: ClassVar = {"old": 2, "new": 3}

    def __init__(self, given: Path) -> None:
        self._given = given
        for content, count in self.COUNTS.items():
            for name, data in python_files(count).items():
                (given / content).mkdir(parents=True, exist_ok=True)
                (given / content / name).write_bytes(data)

    def act(self, path: Path, content: str) -> None:
        """Import it."""
        cifar10.IMAGES_PER_BATCH = self.COUNTS[content]
        datasets.import_path(self._given / content, path.parent)

    def settle(self, path: Path) -> None:
        """Look for it."""
        datasets.find_cifar10(path.parent)

    def look(self, path: Path) -> str:
        """Which one it is."""
        dataset = datasets.find_cifar10(path.parent)
        contents = {6 * count: content for content, count in self.COUNTS.items()}
        return "gone" if dataset is None else contents[len(dataset.images)]


def main() -> None:
    """Kill, settle, look."""
    place = Path(sys.argv[2])
    thing = {"file": File, "folder": Folder, "import": lambda: Import(place / "given")}[sys.argv[1]]()
    path = place / "there" / "cifar10"
    for step in itertools.count():
        for settling in itertools.count():
            shutil.rmtree(path.parent, ignore_errors=True)
            thing.act(path, "old")
            event = killed_before(step, lambda: thing.act(path, "new"))
            second = event and killed_before(settling, lambda: thing.settle(path))
            thing.settle(path)
            left = [each.name for each in path.parent.iterdir() if each != path]
            sys.stdout.write(json.dumps([event, second, thing.look(path), left]) + "\n")
            sys.stdout.flush()
            if not second:
                break
        if not event:
            break


if __name__ == "__main__":
    main()
