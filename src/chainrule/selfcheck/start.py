"""Where our nets are checked: at the start that they are trained from, in float64, with one change.

Biases, gamma and beta are moved off 0 and 1, behind which mistakes hide.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array, Labels
from chainrule.data.datasets import Dataset
from chainrule.data.prepared import prepare
from chainrule.errors import SettingsError
from chainrule.nn.network import Network, Parameters
from chainrule.rng import stream
from chainrule.selfcheck.nets import CheckedNet
from chainrule.settings.settings import Settings

_MOVED = 0.1
"""Deviation of what is added to biases, gamma and beta."""


class Start(NamedTuple):
    """A net with parameters of one member and a minibatch, x (N, D) and y (N,)."""

    net: CheckedNet
    network: Network
    parameters: Parameters
    x: Array
    y: Labels


def starts(nets: Sequence[CheckedNet], data: Dataset, samples: int, seed: int) -> list[Start]:
    """Every net at its start.

    Args:
        nets: which.
        data: the images.
        samples: the first so many training images are the minibatch.
        seed: of the initial parameters.

    Raises:
        SettingsError: there are fewer images, or too few for batch norm.
        DataError: the data set is too small for the settings.

    >>> from chainrule.data import datasets
    >>> from chainrule.experiments import recipes
    >>> from chainrule.selfcheck.nets import checked_nets
    >>> data = datasets.load("digits")
    >>> (start,) = starts(checked_nets(recipes.adapted(recipes.load("one_layer"), data)), data, samples=10, seed=0)
    >>> start.x.shape, start.parameters["W1"].shape
    ((10, 64), (1, 10, 64))
    """
    return [_start(net, *_minibatch(net.settings, data, samples), data, seed) for net in nets]


def _minibatch(settings: Settings, data: Dataset, samples: int) -> tuple[Array, Labels]:
    """The first training images as a net is fed with them, (N, D), and their labels (N,)."""
    seen = prepare(settings, data)
    split = seen.splits["train"]
    if not 1 <= samples <= len(split):
        raise SettingsError(
            f"--samples {samples}: the training split holds {len(split)} images; choose 1 to that"
        )
    convert = seen.transform.astype(np.float64)
    images = split.images[:samples]
    return convert(images, out=np.empty(images.shape)), split.labels[:samples]


def _start(net: CheckedNet, x: Array, y: Labels, data: Dataset, seed: int) -> Start:
    """A net at its start, biases, gamma and beta moved."""
    settings = net.settings
    if settings.batch_norm and len(y) < 2:
        raise SettingsError("--samples 1: batch norm needs 2 samples or more; choose more")
    network = Network.of(settings, x.shape[1], len(data.classes))
    parameters = network.initial(seed, [settings.init], np.float64)
    for layer in range(1, network.depth + 1):
        for kind in ("b", "gamma", "beta"):
            if (array := parameters.get(f"{kind}{layer}")) is not None:
                array += _MOVED * stream(seed, f"check {kind}", layer).standard_normal(array.shape)
    return Start(net, network, parameters, x, y)
