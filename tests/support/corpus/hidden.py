"""Wrong programs on nets that hide the bug: the gradient is right there, and a checker must look elsewhere too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from support.corpus.mutation import SHAPES, Mutation, seeded
from support.corpus.nets import Net, Shape
from support.corpus.wrong import WRONG

Hiding = Callable[[str, Shape, int], Net]


def without_penalty(base: str, shape: Shape, seed: int) -> Net:
    """l2 = 0 hides a wrong penalty."""
    return seeded(base, replace(shape, l2=0.0), seed)


def with_gamma_one(base: str, shape: Shape, seed: int) -> Net:
    """gamma = 1 hides that it was left out."""
    net = seeded(base, shape, seed)
    net.gamma = [np.ones_like(gamma) for gamma in net.gamma]
    return net


def with_biases_zero(base: str, shape: Shape, seed: int) -> Net:
    """b = 0 hides a penalty on it."""
    net = seeded(base, shape, seed)
    net.b = [np.zeros_like(b) for b in net.b]
    return net


def with_as_many_samples(count: int) -> Hiding:
    """As many samples as the code has hard-wired."""

    def hide(base: str, shape: Shape, seed: int) -> Net:
        return seeded(base, replace(shape, N=count), seed)

    return hide


HIDDEN: tuple[tuple[str, Hiding], ...] = (
    ("regulariser-missing/one_layer_columns", without_penalty),
    ("regulariser-half/hinge_loops", without_penalty),
    ("regulariser-scaled/list_of_dicts", without_penalty),
    ("regulariser-on-gradient/bn_rows", without_penalty),
    ("penalty-not-squared/two_layer_columns/last layer", without_penalty),
    ("bias-regularised/one_layer_columns", with_biases_zero),
    ("bias-regularised/bn_rows/in the cost", without_penalty),
    ("batchnorm-gamma-missing/bn_rows", with_gamma_one),
    ("batchnorm-gamma-missing/bn_running", with_gamma_one),
    ("hard-wired-batch-size/one_layer_columns", with_as_many_samples(100)),
    ("hard-wired-batch-size/two_layer_columns", with_as_many_samples(10)),
    ("hard-wired-batch-size/bn_running", with_as_many_samples(100)),
)
"""Names of wrong programs, and what hides them."""


def hidden_runs(seed: int) -> list[tuple[Mutation, Net]]:
    """Each of them on a net that hides its bug."""
    by_name = {mutation.name: mutation for mutation in WRONG}
    runs = []
    for name, hide in HIDDEN:
        mutation = by_name[name]
        shape = next(shape for shape in SHAPES[mutation.base] if mutation.shows(shape))
        runs.append((mutation, hide(mutation.base, shape, seed)))
    return runs
