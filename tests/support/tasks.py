"""Tasks that worker processes can import."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chainrule.errors import StoreError


def square(number: int) -> int:
    return number * number


def refuse_three(number: int) -> int:
    if number == 3:
        raise StoreError("three is full")
    return number


def add(shared: int, number: int) -> int:
    return shared + number


def begun(note: Path) -> int:
    """How often this was begun, this time included."""
    with note.open("a") as file:
        file.write("x")
    return len(note.read_text())


def fail_often(task: tuple[Path, int]) -> int:
    """Raise as often as the number says, then return it."""
    note, number = task
    if begun(note) <= number:
        raise ValueError(f"no {number}\nand more")
    return number


def die_often(task: tuple[Path, int]) -> str:
    """Kill the process that runs this so many times."""
    note, deaths = task
    if begun(note) <= deaths:
        os.kill(os.getpid(), signal.SIGKILL)
    return note.name


def die(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def threads_and_pid(number: int) -> tuple[list[int], int]:
    """BLAS threads that a product uses here, and the process."""
    import scipy.linalg  # noqa: F401
    from threadpoolctl import threadpool_info

    return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"], os.getpid()


def variable(name: str) -> str | None:
    """What this process's environment holds."""
    return os.environ.get(name)


def poisoned(function: Callable[[Any], Any], how: str, l2: float, task: Any) -> Any:
    """Run a task of training, unless a net of that l2 is in it."""
    if any(settings.l2 == l2 for settings in task.population.members.values()):
        if how == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        raise ValueError("poison")
    return function(task)


def begin_and_wait(go: Path, note: Path) -> str:
    """Leave a note, then wait until there is the file ``go``."""
    note.touch()
    while not go.exists():
        time.sleep(0.01)
    return note.name


def hang_once(note: Path) -> str:
    """Never end where the note's name says so, but for the second time."""
    if begun(note) == 1 and note.name == "hang":
        while True:
            time.sleep(1)
    return note.name


def trained(seed: int) -> tuple[str, dict[str, Any]]:
    """What trains here, and the weights of a small net after three epochs."""
    from chainrule.data.prepared import prepare
    from chainrule.experiments import speed
    from chainrule.train.population import Training

    data, net = speed.random_dataset(64, 10), speed.settings((64, 20, 10), True, 0.01, 3)
    seen = prepare(net, data)
    training = Training([net], seed, seen.splits, seen.transform, 10)
    while training.epoch < 3:
        training.train_epoch()
    return type(training._engine).__name__, dict(training.outcome().last)
