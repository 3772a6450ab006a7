"""The task that trains one population."""

from __future__ import annotations

from dataclasses import replace

import pytest
from threadpoolctl import threadpool_info

from chainrule.data import datasets
from chainrule.settings.settings import Settings
from chainrule.work import planner, sharing, worker
from chainrule.work.nets import named
from chainrule.work.progress import counting


class Seen(Exception):
    """Training began, with so many threads."""


@pytest.mark.parametrize("wanted", [1, 2])
def test_blas_has_the_population_s_threads(tmp_path, monkeypatch, wanted):
    def train(*given: object, **named: object) -> None:
        raise Seen({one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"})

    monkeypatch.setattr(worker, "Training", train)
    net = Settings.model_validate(
        {
            "train": 100, "val": 50, "test": "test_batch", "preprocess": "center", "init": "he", "batch_size": 20,
            "epochs": 1, "shuffle": True, "learning_rate": 0.1,
        }
    )  # fmt: skip
    data = datasets.load("digits")
    (population,) = planner.plan(data, [named(data, net, 0)])
    task = worker.PopulationTask(
        replace(population, threads=wanted), 0, 0, 1, [], frozenset(population.members)
    )
    with counting(1) as counters:
        shared = worker.TaskContext(sharing.Located("digits", tmp_path), tmp_path, "", counters.path, 5)
        with pytest.raises(Seen) as seen:
            worker.run(shared, task)
    assert seen.value.args == ({wanted},)
