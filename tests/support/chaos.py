"""A driver that dies, and whose workers die, at chosen points: ``python chaos.py FOLDER``.

Every file that training writes, and every epoch of every net, goes into ``FOLDER/log``. Bombs are files
``FOLDER/bombs/KIND-N``: one goes off, once, with the N-th entry of files written (``driver``, ``worker``: afterwards;
``torn``: the worker, in the middle of it).
"""

from __future__ import annotations

import functools
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from chainrule.data import datasets
from chainrule.settings.settings import Settings
from chainrule.train.population import Training
from chainrule.work.nets import NamedNet, named
from chainrule.work.processes import Processes
from chainrule.work.store import Store
from chainrule.work.training import Site, TrainingOutcome, train_all

BASE = {
    "train": "data_batch_1", "val": "data_batch_2", "test": "test_batch", "preprocess": "center", "init": "he",
    "batch_size": 50, "epochs": 5, "shuffle": True, "learning_rate": 0.5, "evaluate": "validation",
}  # fmt: skip
DIGITS = datasets.load("digits")
NETS = [
    named(DIGITS, Settings.model_validate({**BASE, "l2": value / 1000}), seed)
    for seed in range(20)
    for value in range(10)
]
"""Two hundred nets in twenty populations."""


def train(folder: Path, executor: Any, nets: Sequence[NamedNet] = NETS) -> TrainingOutcome:
    """Train all below ``folder``, a checkpoint every epoch."""
    site = Site(DIGITS, folder, Store(folder / "out"), executor, checkpoint_every=1)
    return train_all(nets, site, lambda done: None)


class Chaotic(Processes):
    """Two workers that carry the bombs. They get the data with the tasks: loading it takes longer than training."""

    sees_files = False
    starting = 0.0

    def __init__(self, folder: Path) -> None:
        super().__init__(2)
        self._folder = folder

    def run(
        self, function: Callable[[Any], Any], tasks: Sequence[Any], tick: Callable[[], None]
    ) -> Iterator[Any]:
        return super().run(functools.partial(run, self._folder, function), tasks, tick)


def run(folder: Path, function: Callable[[Any], Any], task: Any) -> Any:
    """In a worker: train, and tell of it, and die where that is due."""
    names = list(task.population.members)

    def write(self: Store, name: str, data: bytes) -> None:
        Path.replace = replace  # type: ignore[method-assign, assignment]
        real_write(self, name, data)
        note(folder, f"wrote {name}")
        explode(folder, "driver", os.getppid())
        explode(folder, "worker", os.getpid())

    def replace(self: Path, target: Path) -> Path:
        explode(folder, "torn", os.getpid())
        return real_replace(self, target)

    def train_epoch(self: Training) -> None:
        real_epoch(self)
        note(folder, *(f"epoch {name} {self.epoch}" for name in names))

    real_write, real_replace, real_epoch = Store.write, Path.replace, Training.train_epoch
    Store.write, Training.train_epoch = write, train_epoch  # type: ignore[method-assign]
    try:
        return function(task)
    finally:
        Store.write, Path.replace, Training.train_epoch = real_write, real_replace, real_epoch  # type: ignore[method-assign]


def note(folder: Path, *lines: str) -> None:
    """Add lines to the log, all at once."""
    with (folder / "log").open("a") as log:
        log.write("".join(f"{line}\n" for line in lines))


def explode(folder: Path, kind: str, process: int) -> None:
    """Kill ``process`` where a bomb of that kind is due; whoever removes its file is who it goes off for."""
    written = (folder / "log").read_text().count("wrote ") if (folder / "log").exists() else 0
    for bomb in (folder / "bombs").glob(f"{kind}-*"):
        if int(bomb.name.partition("-")[2]) <= written:
            try:
                bomb.unlink()
            except FileNotFoundError:
                continue
            os.kill(process, signal.SIGKILL)


if __name__ == "__main__":
    here = Path(sys.argv[1])
    failed = train(here, Chaotic(here)).failed
    sys.exit(f"failed: {failed}" if failed else 0)
