"""Trials an hour: chainrule's search beside optuna with PyTorch and Ray Tune with PyTorch.

    python benchmarks/search/peers.py --json peers.json

The same work for all: 3072-50-50-10 with batch norm on CIFAR-10's first batch, 100 images a step, plain gradient
descent, l2 drawn from a logarithmic range, one init a trial, the accuracy on 1,000 other images at the end. Everybody
uses all cores and keeps a durable record. A run is timed from the start of its process to its end; who runs first
changes. The peers get their inputs standardised in float32 and train in eager mode with one thread a process, which
was PyTorch's fastest form for so short a training.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

HIDDEN, BATCH, RATE, TRAINING, VALIDATION = 50, 100, 0.05, 10_000, 1_000
LOW, HIGH = 1e-6, 1e-1


def inputs() -> list[Any]:
    """Standardised training and validation images with their labels, as PyTorch's arrays."""
    import torch

    from chainrule.data import datasets

    data = datasets.load("cifar10")
    train, last = data.images[:TRAINING].astype(np.float32), data.images[-20_000:][:VALIDATION]
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    arrays = [(train - mean) / deviation, np.array(data.labels[:TRAINING]), (last - mean) / deviation]
    arrays.append(np.array(data.labels[-20_000:][:VALIDATION]))
    kinds = (torch.float32, torch.int64, torch.float32, torch.int64)
    return [torch.as_tensor(array, dtype=kind) for array, kind in zip(arrays, kinds, strict=True)]


def train_torch(l2: float, arrays: list[Any], epochs: int) -> float:
    """Train one net; its validation accuracy."""
    import torch
    from torch import nn

    x, y, x_val, y_val = arrays
    layers = [nn.Linear(x.shape[1], HIDDEN), nn.BatchNorm1d(HIDDEN), nn.ReLU()]
    layers += [nn.Linear(HIDDEN, HIDDEN), nn.BatchNorm1d(HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 10)]
    net = nn.Sequential(*layers)
    optimiser = torch.optim.SGD(net.parameters(), lr=RATE, weight_decay=2 * l2)
    loss = nn.CrossEntropyLoss()
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for start in range(0, len(x), BATCH):
            rows = order[start : start + BATCH]
            optimiser.zero_grad()
            loss(net(x[rows]), y[rows]).backward()
            optimiser.step()
    net.eval()
    with torch.no_grad():
        return float((net(x_val).argmax(1) == y_val).float().mean())


def run_chainrule(trials: int, epochs: int, folder: Path) -> None:
    """A random search."""
    import chainrule

    settings = {
        "train": "data_batch_1", "val": VALIDATION, "test": "test_batch", "preprocess": "standardize",
        "hidden": [HIDDEN, HIDDEN], "batch_norm": True, "init": "he", "batch_size": BATCH, "epochs": epochs,
        "shuffle": True, "learning_rate": RATE,
    }  # fmt: skip
    space = {"l2": {"low": LOW, "high": HIGH, "log": True}}
    found = chainrule.search(
        settings, space, {"kind": "random", "trials": trials, "inits": 1}, out=folder / "search"
    )
    assert len(found.trials) == trials


def run_optuna(trials: int, epochs: int, folder: Path) -> None:
    """As many processes as cores that take trials from one journal."""
    code = "import peers, sys; peers.optuna_worker(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])"
    command = [sys.executable, "-c", code, str(trials), str(epochs), str(folder / "journal.log")]
    workers = [subprocess.Popen(command, cwd=Path(__file__).parent) for _ in os.sched_getaffinity(0)]
    assert not any(worker.wait() for worker in workers)


def optuna_worker(trials: int, epochs: int, journal: str) -> None:
    """One of them."""
    import optuna
    import torch
    from optuna.study import MaxTrialsCallback
    from optuna.trial import TrialState

    torch.set_num_threads(1)
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    arrays = inputs()
    storage = optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(journal))
    study = optuna.create_study(
        study_name="s", storage=storage, direction="maximize", load_if_exists=True,
        sampler=optuna.samplers.RandomSampler(),
    )  # fmt: skip
    enough = MaxTrialsCallback(trials, states=(TrialState.COMPLETE,))
    study.optimize(
        lambda trial: train_torch(trial.suggest_float("l2", LOW, HIGH, log=True), arrays, epochs),
        callbacks=[enough],
    )


def run_tune(trials: int, epochs: int, folder: Path) -> None:
    """Ray Tune with a core a trial."""
    import ray
    from ray import tune

    ray.init(
        num_cpus=len(os.sched_getaffinity(0)),
        include_dashboard=False,
        log_to_driver=False,
        logging_level="ERROR",
    )

    def trainable(config: dict[str, float], arrays: list[Any]) -> dict[str, float]:
        import torch

        torch.set_num_threads(1)
        return {"accuracy": train_torch(config["l2"], arrays, epochs)}

    tuner = tune.Tuner(
        tune.with_resources(tune.with_parameters(trainable, arrays=inputs()), {"cpu": 1}),
        param_space={"l2": tune.loguniform(LOW, HIGH)},
        tune_config=tune.TuneConfig(num_samples=trials, metric="accuracy", mode="max", reuse_actors=True),
        run_config=tune.RunConfig(storage_path=str(folder / "tune"), verbose=0),
    )
    assert len(tuner.fit()) == trials


RUNS = {"chainrule": run_chainrule, "optuna": run_optuna, "tune": run_tune}


def timed(name: str, trials: int, epochs: int) -> float:
    """Seconds of a run in a process of its own."""
    code = f"import peers, pathlib, sys; peers.RUNS['{name}']({trials}, {epochs}, pathlib.Path(sys.argv[1]))"
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", code, folder],
            cwd=Path(__file__).parent,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return time.perf_counter() - start


def main() -> None:
    """Run, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write everything measured here")
    options = parser.parse_args()
    seconds: dict[str, list[float]] = {name: [] for name in RUNS}
    for repetition in range(options.repetitions):
        for name in list(RUNS)[:: 1 if repetition % 2 == 0 else -1]:
            seconds[name].append(timed(name, options.trials, options.epochs))
            print(f"{name}: {seconds[name][-1]:.1f} s", flush=True)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    for name, median in medians.items():
        print(
            f"{name}: {3600 * options.trials / median:.0f} trials an hour, "
            f"chainrule has {median / medians['chainrule']:.2f} times as many"
        )
    if options.json:
        options.json.write_text(
            json.dumps({"trials": options.trials, "epochs": options.epochs, "seconds": seconds})
        )


if __name__ == "__main__":
    main()
