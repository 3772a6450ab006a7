"""Right programs on random nets: any shape, any convention, and half of them at kinks of the ReLU or the hinge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from support.corpus.mutation import build
from support.corpus.nets import Net, Shape, draw

LAYERS = {
    "one_layer_columns": (1, 1),
    "hinge_loops": (1, 1),
    "hinge_last_column": (1, 1),
    "two_layer_columns": (2, 2),
    "rows_dict": (2, 2),
    "net_object": (2, 2),
    "bn_running": (2, 2),
    "unrolled_hinge": (3, 3),
    "list_of_dicts": (1, 4),
    "k_layers_lists": (1, 4),
    "bn_rows": (1, 4),
    "global_lambda": (1, 4),
    "tanh_lists": (1, 4),
    "logistic_columns": (2, 2),
    "leaky_rows": (2, 2),
}
"""How few and how many layers each program is written for."""

OTHER_NETS = ("leaky_rows", "logistic_columns", "tanh_lists")
"""Programs with another activation than ReLU, or another loss than softmax's and hinge."""

USUAL_NETS = tuple(sorted(LAYERS.keys() - set(OTHER_NETS)))
"""All others; which one a seed means depends on their number."""

HINGE = {"hinge_loops", "hinge_last_column", "unrolled_hinge"}
BATCH_NORM = {"k_layers_lists", "bn_rows"}


def at_a_blank_sample(net: Net, rng: np.random.Generator) -> None:
    """Samples of zeros and biases of 0 or near it: pre-activations exactly at the kink, or within 1e-6 of it."""
    net.X[: max(1, len(net.X) // 3)] = 0
    net.b[0][:] = rng.choice([0, 0, 1e-6, -1e-6, 1e-7, -1e-7, 1e-9, 3e-6], size=net.b[0].shape)


def of_integers(net: Net, rng: np.random.Generator) -> None:
    """Integers everywhere: pre-activations at 0, hinge margins at 0 and scores that are equal."""
    net.X = rng.integers(-2, 3, net.X.shape).astype(float)
    net.W = [rng.integers(-1, 2, W.shape).astype(float) for W in net.W]
    net.b = [rng.integers(-1, 2, b.shape).astype(float) for b in net.b]


def with_dead_units(net: Net, rng: np.random.Generator) -> None:
    """Units without weights and bias, at 0 for every sample; under batch norm without gamma and beta."""
    dead = rng.random(len(net.b[0])) < 0.5
    net.b[0][dead] = 0
    if net.gamma:
        net.gamma[0][dead] = 0
        net.beta[0][dead] = rng.choice([0, 1e-7, -1e-7])
    else:
        net.W[0][dead] = 0


def freshly_initialised(net: Net, rng: np.random.Generator) -> None:
    """Biases 0, gamma 1, beta 0, small weights: where students check."""
    net.W = [rng.normal(0, 0.01, W.shape) for W in net.W]
    net.b = [np.zeros_like(b) for b in net.b]
    net.gamma = [np.ones_like(gamma) for gamma in net.gamma]
    net.beta = [np.zeros_like(beta) for beta in net.beta]


def anywhere(net: Net, rng: np.random.Generator) -> None:
    """Nothing special."""


TREATMENTS = (anywhere, anywhere, freshly_initialised, at_a_blank_sample, of_integers, with_dead_units)


def right_net(seed: int, bases: Sequence[str] = USUAL_NETS) -> tuple[str, str, Net]:
    """How it was treated, the name of a right program, and a random net for it."""
    rng = np.random.default_rng([seed, 2])
    base = bases[seed % len(bases)]
    shape = _shape(base, rng)
    net = draw(rng, shape)
    treatment = TREATMENTS[rng.integers(len(TREATMENTS))]
    treatment(net, rng)
    return treatment.__name__.replace("_", " "), base, net


def right_program(seed: int, bases: Sequence[str] = USUAL_NETS) -> tuple[str, dict[str, Any]]:
    """A description, and a right program built for a random net, at times with its update and its own check."""
    treatment, base, net = right_net(seed, bases)
    program, rng = build(base, net), np.random.default_rng([seed, 3])
    for what in ("numeric", "update"):
        if rng.random() < 0.8:
            program.pop(what, None)
    shape = net.shape
    words = f"{base} {shape.widths} N={shape.N} l2={shape.l2:g} {shape.loss}{' bn' * shape.batchnorm}"
    return f"seed {seed}: {words}, {treatment}", program


def _shape(base: str, rng: np.random.Generator) -> Shape:
    fewest, most = LAYERS[base]
    layers = int(rng.integers(fewest, most + 1))
    batchnorm = layers > 1 and (base == "bn_running" or (base in BATCH_NORM and rng.random() < 0.6))
    return Shape(
        "random",
        d=int(rng.integers(2, 12)),
        hidden=tuple(int(width) for width in rng.integers(2, 9, layers - 1)),
        K=int(rng.integers(2, 3 if base == "logistic_columns" else 7)),
        N=int(rng.integers(4 if batchnorm else 1, 14)),
        l2=float(rng.choice([0, 0, 1e-3, 0.1, 1.0])),
        loss="hinge" if base in HINGE or (base == "list_of_dicts" and rng.random() < 0.5) else "softmax",
        batchnorm=bool(batchnorm),
    )
