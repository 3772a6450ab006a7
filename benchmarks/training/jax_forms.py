"""JAX in its usual forms: jit over lax.scan, one net after another or all at once by vmap."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from works import BATCH, L2, RATE, SEEDS, Work, initial, read_floats

Round = Callable[[bool], int]
Layers = list[dict[str, Any]]


def parameters(work: Work, members: int) -> Layers:
    """A dictionary a layer, the member axis first."""
    layers: Layers = []
    for depth, (W, b) in enumerate(initial(work, members), start=1):
        layer = {"W": jnp.asarray(W), "b": jnp.asarray(b)}
        if work.batch_norm and depth < len(work.widths) - 1:
            layer |= {"gamma": jnp.ones_like(b), "beta": jnp.zeros_like(b)}
        layers.append(layer)
    return layers


def forward(layers: Layers, x: Any) -> Any:
    """Scores (N, K) of one net on x (N, D). Batch norm keeps no running values here, which spares it a little."""
    for layer in layers[:-1]:
        s = x @ layer["W"].T + layer["b"]
        if "gamma" in layer:
            mean, variance = s.mean(0), s.var(0)
            s = (s - mean) * jax.lax.rsqrt(variance + 1e-5) * layer["gamma"] + layer["beta"]
        x = jax.nn.relu(s)
    return x @ layers[-1]["W"].T + layers[-1]["b"]


def loss(layers: Layers, x: Any, y: Any) -> Any:
    """Mean cross-entropy."""
    return -jnp.take_along_axis(jax.nn.log_softmax(forward(layers, x)), y[:, None], axis=1).mean()


def step(layers: Layers, l2: Any, x: Any, y: Any) -> Layers:
    """One update of one net."""
    found = jax.grad(loss)(layers, x, y)
    decay = {"W": 1 - 2 * RATE * l2}
    return [
        {name: p * decay.get(name, 1) - RATE * g[name] for name, p in layer.items()}
        for layer, g in zip(layers, found, strict=True)
    ]


def measures(layers: Layers, x: Any, y: Any) -> tuple[Any, Any]:
    """Sum of losses and number of right answers."""
    scores = forward(layers, x)
    losses = -jnp.take_along_axis(jax.nn.log_softmax(scores), y[:, None], axis=1)
    return losses.sum(), (scores.argmax(1) == y).sum()


def _run(
    work: Work,
    folder: Path,
    layers: Layers,
    update: Any,
    measure: Any,
    seeds: int,
    nets: int,
) -> Round:
    data = {name: (jnp.asarray(x), jnp.asarray(y)) for name, (x, y) in read_floats(folder).items()}
    x, y = data["train"]
    rng = np.random.default_rng(0)

    @jax.jit
    def steps(state: Layers, order: Any) -> Layers:
        return jax.lax.scan(lambda s, index: (update(s, x[index], y[index]), None), state, order)[0]

    measured = jax.jit(measure)
    state = layers

    def epoch(evaluating: bool) -> int:
        nonlocal state
        drawn = [rng.permutation(work.samples) for _ in range(seeds)]
        order = np.stack(drawn).reshape(seeds, work.steps, BATCH).transpose(1, 0, 2)
        state = steps(state, jnp.asarray(order if seeds > 1 else order[:, 0]))
        if evaluating:
            for inputs, targets in data.values():
                jax.block_until_ready(measured(state, inputs, targets))
        jax.block_until_ready(state)
        return work.steps * nets

    return epoch


def scan(work: Work, folder: Path) -> Round:
    """One net after another, an epoch a call."""
    layers = [{name: p[0] for name, p in layer.items()} for layer in parameters(work, 1)]
    return _run(work, folder, layers, lambda s, x, y: step(s, L2[0], x, y), measures, 1, 1)


def scan_vmap(work: Work, folder: Path) -> Round:
    """All 40 at once; the members of a seed on shared inputs."""
    seeds, members = len(SEEDS), len(L2)
    layers = [
        {name: p.reshape(seeds, members, *p.shape[1:]) for name, p in layer.items()}
        for layer in parameters(work, seeds * members)
    ]
    l2 = jnp.asarray(L2)
    inner = jax.vmap(step, (0, 0, None, None))
    update = jax.vmap(lambda s, x, y: inner(s, l2, x, y), (0, 0, 0))
    measure = jax.vmap(jax.vmap(measures, (0, None, None)), (0, None, None))
    return _run(work, folder, layers, update, measure, seeds, seeds * members)


ONE = {"scan": scan}
SWEEP = {"scan": scan, "scan, vmap": scan_vmap}
