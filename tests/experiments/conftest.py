"""A small experiment on digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from chainrule.data import datasets
from chainrule.data.datasets import Dataset
from chainrule.experiments.experiment import Experiment
from chainrule.experiments.plan import plan
from chainrule.experiments.reproduce import TableJob
from chainrule.work.executors import InProcess
from support.tables import Read, reader


@pytest.fixture(scope="session")
def digits() -> Dataset:
    return datasets.load("digits")


SMALL: dict[str, Any] = {
    "title": "small",
    "inferred": ["shuffle"],
    "metrics": ["val_accuracy", "test_accuracy"],
    "settings": {
        "train": "data_batch_1", "val": "data_batch_2", "test": "test_batch", "preprocess": "center",
        "init": {"normal": 0.01}, "batch_size": 50, "epochs": 2, "shuffle": True,
    },
    "rows": [
        {"name": "a", "set": {"learning_rate": 0.5}, "published": {"test_accuracy": "0.80"}},
        {"name": "b", "set": {"learning_rate": 0.5, "l2": 1.0}, "inferred": ["l2"]},
    ],
    "claims": [
        {"text": "l2 costs accuracy", "predicate": "lower", "quantity": "test_accuracy", "row": "b", "than": "a"},
        {"text": "the loss falls", "predicate": "falls", "curves": ["train_loss"], "rows": ["a"], "from_epoch": 0},
    ],
}  # fmt: skip


@pytest.fixture
def small() -> Experiment:
    return Experiment.model_validate(SMALL)


@pytest.fixture
def job(digits: Dataset, small: Experiment, tmp_path: Path) -> Callable[..., TableJob]:
    def make(
        experiments: Mapping[str, Experiment] | None = None,
        dataset: Dataset = digits,
        seeds: Sequence[int] = range(3),
        replicates: int = 3,
        out: Path = tmp_path / "out",
    ) -> TableJob:
        tables = {"small": small} if experiments is None else experiments
        return TableJob(plan(tables, dataset, seeds, replicates), tmp_path / "data", out, "chainrule test")

    return make


class Counting(InProcess):
    """Counts populations and may stop before one of them, as a kill would."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.count, self.stop_at = 0, stop_at

    def run(self, function: Callable[[Any], Any], tasks: Any, tick: Callable[[], None]) -> Iterator[Any]:
        yield from super().run(self._counted(function), tasks, tick)

    def _counted(self, function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def counted(task: Any) -> Any:
            if self.count == self.stop_at:
                raise KeyboardInterrupt
            self.count += 1
            return function(task)

        return counted


@pytest.fixture
def counting() -> type[Counting]:
    return Counting


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return reader(tmp_path)
