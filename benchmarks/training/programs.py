"""Small programs that are timed as whole processes, or by themselves once they are warm.

    python programs.py NAME [ARGUMENT]

They use only what chainrule had before as well, so that another source tree runs them, too; ``seeds_together`` alone
needs seeds that share an order. Each prints a line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from typing import Any

SEEDS = 20
L2 = tuple(10.0 ** (power / 2) for power in range(-14, -5))
RATES = (0.01, 0.03, 0.1, 0.2, 0.4)
INITS = 3
EPOCHS = 20


def settings(**own: object) -> Any:
    """Of a net of 64-50-10 on digits."""
    from chainrule.settings.settings import Settings

    usual = {
        "train": 1000, "val": 400, "test": "test_batch", "preprocess": "standardize", "hidden": [50], "init": "he",
        "batch_size": 20, "epochs": EPOCHS, "shuffle": True, "learning_rate": 0.1,
    }  # fmt: skip
    return Settings.model_validate(usual | own)


def prepared(one: Any) -> Any:
    """Splits of digits and their transform, with what is compiled loaded."""
    from chainrule.data import datasets
    from chainrule.data.prepared import prepare
    from chainrule.train.population import ready

    ready()
    return prepare(one, datasets.load("digits"))


def first_step() -> dict[str, float]:
    """A process that has taken one compiled step."""
    from chainrule.train.population import ready

    ready()
    return {}


def seeds_apart(repetitions: str) -> dict[str, list[float]]:
    """CPU seconds of 20 nets that differ in their seed, one after another, warm."""
    from chainrule.machine import threads
    from chainrule.train.population import train

    one = settings()
    seen = prepared(one)

    def run() -> None:
        for seed in range(SEEDS):
            train([one], seed, seen.splits, seen.transform, 10)

    with threads.limited(1):
        return {"cpu": _cpu(run, int(repetitions))}


def seeds_together(repetitions: str) -> dict[str, list[float]]:
    """The same as one population, whose seeds share their order."""
    from chainrule.machine import threads
    from chainrule.train.population import Training

    one = settings(order="shared")
    seen = prepared(one)

    def run() -> None:
        seeds = list(range(SEEDS))
        training = Training([one] * SEEDS, 0, seen.splits, seen.transform, 10, inits=seeds)
        while training.epoch < EPOCHS:
            training.train_epoch()
        training.outcome()

    with threads.limited(1):
        return {"cpu": _cpu(run, int(repetitions))}


def nets_of_search() -> dict[str, float]:
    """Seconds that training takes of the 135 nets of :func:`search`, and nothing else, warm, on one thread."""
    from chainrule.machine import threads
    from chainrule.train.population import train

    nets = [settings(l2=l2, learning_rate=rate) for l2 in L2 for rate in RATES]
    seen = prepared(nets[0])
    with threads.limited(1):
        train(nets[:1], 0, seen.splits, seen.transform, 10)
        start = time.perf_counter()
        for seed in range(INITS):
            train(nets, seed, seen.splits, seen.transform, 10)
    return {"seconds": time.perf_counter() - start}


def search() -> str:
    """The same as a file of ``chainrule search``."""
    own = settings().model_dump(mode="json", exclude_defaults=True, exclude={"learning_rate"})
    lines = ['title = "135 small nets"', 'dataset = "digits"', "[settings]"]
    lines += [f"{name} = {json.dumps(value)}" for name, value in own.items()]
    lines += ["[space]", f"l2 = {list(L2)}", f"learning_rate = {list(RATES)}"]
    return "\n".join([*lines, "[strategy]", 'kind = "grid"', f"inits = {INITS}"]) + "\n"


def predict_chainrule() -> dict[str, float]:
    """From the start of the process to predictions: one net of 64-50-10."""
    from sklearn.datasets import load_digits

    from chainrule import MLPClassifier

    X, y = load_digits(return_X_y=True)
    net = MLPClassifier(
        hidden=[50], members=1, epochs=EPOCHS, batch_size=20, learning_rate=0.1, early_stopping=False, random_state=0,
    )  # fmt: skip
    return {"score": float(net.fit(X[:1000], y[:1000]).score(X[1000:], y[1000:]))}


def predict_sklearn() -> dict[str, float]:
    """The same by scikit-learn."""
    from sklearn.datasets import load_digits
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    X, y = load_digits(return_X_y=True)
    net = MLPClassifier(
        [50], solver="sgd", momentum=0.0, batch_size=20, learning_rate_init=0.1, max_iter=EPOCHS
    )
    fitted = make_pipeline(StandardScaler(), net).fit(X[:1000], y[:1000])
    return {"score": float(fitted.score(X[1000:], y[1000:]))}


def predict_torch() -> dict[str, float]:
    """The same by PyTorch, eager."""
    import torch
    from sklearn.datasets import load_digits
    from torch import nn

    X, y = (torch.tensor(values) for values in load_digits(return_X_y=True))
    deviation, mean = torch.std_mean(X[:1000], dim=0, correction=0)
    X = ((X - mean) / torch.where(deviation == 0, 1, deviation)).float()
    net = nn.Sequential(nn.Linear(64, 50), nn.ReLU(), nn.Linear(50, 10))
    optimizer, loss = torch.optim.SGD(net.parameters(), lr=0.1), nn.CrossEntropyLoss()
    for _ in range(EPOCHS):
        for rows in torch.randperm(1000).split(20):
            optimizer.zero_grad()
            loss(net(X[rows]), y[rows]).backward()
            optimizer.step()
    with torch.no_grad():
        return {"score": float((net(X[1000:]).argmax(1) == y[1000:]).double().mean())}


def predict_jax() -> dict[str, float]:
    """The same by JAX, an epoch a call."""
    import jax
    import jax.numpy as jnp
    import numpy as np
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    deviation = X[:1000].std(0)
    x = jnp.asarray((X - X[:1000].mean(0)) / np.where(deviation == 0, 1, deviation), jnp.float32)
    rng, labels = np.random.default_rng(0), jnp.asarray(y)
    state = [
        (jnp.asarray(rng.standard_normal((i, o)) * (2 / i) ** 0.5, jnp.float32), jnp.zeros(o))
        for i, o in ((64, 50), (50, 10))
    ]

    def scores(net: Any, inputs: Any) -> Any:
        (W1, b1), (W2, b2) = net
        return jax.nn.relu(inputs @ W1 + b1) @ W2 + b2

    def loss(net: Any, rows: Any) -> Any:
        found = jax.nn.log_softmax(scores(net, x[rows]))
        return -jnp.take_along_axis(found, labels[rows][:, None], axis=1).mean()

    def update(net: Any, rows: Any) -> Any:
        return jax.tree.map(lambda p, g: p - 0.1 * g, net, jax.grad(loss)(net, rows)), None

    @jax.jit
    def epoch(net: Any, order: Any) -> Any:
        return jax.lax.scan(update, net, order)[0]

    for _ in range(EPOCHS):
        state = epoch(state, jnp.asarray(rng.permutation(1000).reshape(-1, 20)))
    return {"score": float((scores(state, x[1000:]).argmax(1) == labels[1000:]).mean())}


def _cpu(run: Any, repetitions: int) -> list[float]:
    """Seconds of this process's CPU time, after a run that is not counted."""
    run()
    found = []
    for _ in range(repetitions):
        start = time.process_time()
        run()
        found.append(time.process_time() - start)
    return found


PROGRAMS = {
    function.__name__: function
    for function in (
        first_step, seeds_apart, seeds_together, nets_of_search, predict_chainrule, predict_sklearn, predict_torch,
        predict_jax,
    )
}  # fmt: skip

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps(PROGRAMS[sys.argv[1]](*sys.argv[2:])))
