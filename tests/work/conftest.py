"""Small nets on digits, and a folder to train them into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chainrule.data import datasets
from chainrule.data.datasets import Dataset
from chainrule.settings.settings import Settings
from chainrule.train.population import Training
from chainrule.work import planner
from chainrule.work.cluster import Cluster
from chainrule.work.executors import Executor, InProcess
from chainrule.work.store import Store
from chainrule.work.training import Site
from support.executors import EXECUTORS, described
from support.ray_cluster import nodes


@pytest.fixture(scope="session")
def local() -> Iterator[Any]:
    """A Ray cluster of two nodes on this machine, which tests add to and take from."""
    with nodes(2) as started:
        yield started


@pytest.fixture(scope="session")
def cluster(local: Any) -> Iterator[Cluster]:
    connected = Cluster(local.address)
    yield connected
    connected.close()


@pytest.fixture(params=[*EXECUTORS, pytest.param("cluster", marks=pytest.mark.cluster)], ids=described)
def executor(request: pytest.FixtureRequest) -> Executor:
    found: Executor = request.getfixturevalue("cluster") if request.param == "cluster" else request.param
    return found


@pytest.fixture(scope="session")
def digits() -> Dataset:
    return datasets.load("digits")


@pytest.fixture
def net() -> Callable[..., Settings]:
    def make(**changes: Any) -> Settings:
        base = {
            "train": "data_batch_1", "val": "data_batch_2", "test": "test_batch", "preprocess": "center",
            "init": "he", "batch_size": 50, "epochs": 6, "shuffle": True, "learning_rate": 0.5,
            "evaluate": "validation",
        }  # fmt: skip
        return Settings.model_validate(base | changes)

    return make


@pytest.fixture
def site(digits: Dataset, tmp_path: Path) -> Callable[..., Site]:
    def make(folder: str = "out", **changes: Any) -> Site:
        base: dict[str, Any] = {"executor": InProcess(), "checkpoint_every": 2}
        return Site(digits, tmp_path / "data", Store(tmp_path / folder), **(base | changes))

    return make


class Epochs:
    """Every epoch that was trained in this process: the l2 of each net, and the epoch; training may be stopped.

    Attributes:
        seen: in order.
        stop_at: before which of them to raise KeyboardInterrupt, as a kill would; None: never.
    """

    def __init__(self) -> None:
        self.seen: list[tuple[list[float], int]] = []
        self.stop_at: int | None = None

    def count(self, l2: float) -> int:
        """How many epochs the net of that l2 was trained."""
        return sum(l2 in nets for nets, _ in self.seen)

    def forget(self) -> None:
        self.seen, self.stop_at = [], None


@pytest.fixture
def epochs(monkeypatch: pytest.MonkeyPatch) -> Epochs:
    watch, real = Epochs(), Training.train_epoch

    def watched(self: Training) -> None:
        if len(watch.seen) == watch.stop_at:
            raise KeyboardInterrupt
        watch.seen.append(([member.l2 for member in self.members], self.epoch))
        real(self)

    monkeypatch.setattr(Training, "train_epoch", watched)
    return watch


@pytest.fixture
def small_populations(monkeypatch):
    """At most two members each."""
    monkeypatch.setattr(planner, "UNITS", 20)
