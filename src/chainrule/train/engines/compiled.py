"""Training by compiled code: parameters laid out in one array, which
:mod:`chainrule.train.engines.compiled_net` works on."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike, NDArray

from chainrule.arrays import Array
from chainrule.data.splits import Split
from chainrule.data.transforms.transform import Transform
from chainrule.errors import SettingsError
from chainrule.machine import openblas
from chainrule.nn.batchnorm import EPS
from chainrule.nn.network import Network, Parameters
from chainrule.nn.weighting import relative
from chainrule.train.engines import compiled_net
from chainrule.train.engines.engine import Problem
from chainrule.train.evaluate import Evaluation

_STEPS = 100
"""Taken in one call, so that Ctrl-C is heard between two."""

_COLUMNS = {
    "W": compiled_net.WEIGHTS,
    "b": compiled_net.BIASES,
    "gamma": compiled_net.GAMMA,
    "beta": compiled_net.BETA,
    "mean": compiled_net.MEAN,
    "variance": compiled_net.VARIANCE,
}


class Compiled:
    """See :class:`chainrule.train.engines.engine.Engine`. The first layer has as many parts as BLAS has threads."""

    def __init__(self, problem: Problem) -> None:
        """Start with the problem's initial parameters.

        Raises:
            SettingsError: a component has no kernel here.
            ValueError: batch norm is to take a minibatch of one sample.
            IndexError: a label is none of the classes.
            TypeError: images are neither bytes nor float32.
        """
        if problem.network.batch_norm and 1 in (problem.size, len(problem.data) % problem.size):
            raise ValueError(
                "batch norm needs 2 samples or more: of one alone nothing but beta would be left"
            )
        network, rates, l2 = problem.network, problem.rates, problem.l2
        self._network = network
        theta, self.parameters, layout = _packed(problem.initial, network.depth)
        self._net = compiled_net.Net(len(l2), layout, theta, network.batch_norm, _loss_kernel(network), EPS)
        self._transform, self._size = problem.transform, problem.size
        self._training = self._samples(problem.data)
        self._rates, self._keeps = -rates.astype(theta.dtype), (1.0 - 2.0 * rates * l2).astype(theta.dtype)
        self._shares = np.full(rates.shape, network.running_share)
        self._shares[0] = 0

    def descend(self, order: NDArray[np.intp], step: int, *, single: bool) -> tuple[int, NDArray[np.bool_]]:
        """See :class:`chainrule.train.engines.engine.Engine`."""
        wanted = 1 if single else -(-len(order) // self._size)
        losses = np.empty(self._net.members, self._net.theta.dtype)
        taken, failing = 0, np.zeros(len(losses), bool)
        with openblas.one_thread() as threads, compiled_net.threads(threads):
            while taken < wanted and not failing.any():
                count = min(_STEPS, wanted - taken)
                coming = order[taken * self._size : (taken + count) * self._size]
                taken += compiled_net.steps(
                    self._training, coming, self._size, self._net, *self._coming(coming, step + taken, count),
                    threads, losses,
                )  # fmt: skip
                failing = ~np.isfinite(losses)
        return taken, failing

    def _coming(
        self, order: NDArray[np.intp], first: int, count: int
    ) -> tuple[Array, Array, Array, Array | None]:
        """Of so many steps -rates, what weights keep of themselves and running values of theirs, and r of ``order``."""
        rates, keeps, shares = (
            array[first : first + count] for array in (self._rates, self._keeps, self._shares)
        )
        weights = self._training.weights
        if weights is None:
            return rates, keeps, shares, None
        parts = [
            relative(weights[:, order[start : start + self._size]])
            for start in range(0, len(order), self._size)
        ]
        moves = np.array([moving for _, moving in parts])
        r = np.concatenate([part for part, _ in parts], axis=1).astype(rates.dtype, order="C")
        still = rates.dtype.type(1)
        return rates * moves, np.where(moves, keeps, still), np.where(moves, shares, 1.0), r

    def evaluate(self, split: Split) -> Evaluation:
        """See :class:`chainrule.train.engines.engine.Engine`."""
        W, b = self._transform.folded(self.parameters["W1"], self.parameters["b1"])
        blocks = -(-len(split) // compiled_net.BLOCK), self._net.members
        loss, right = np.empty(blocks), np.empty(blocks)
        with openblas.one_thread() as threads, compiled_net.threads(threads):
            compiled_net.evaluate(self._samples(split), W, b, self._net, threads, loss, right)
        numbers = self._network.loss_function.numbers
        return Evaluation(
            loss.sum(axis=0) / split.weight, None if numbers else right.sum(axis=0) / split.weight
        )

    def _samples(self, split: Split) -> compiled_net.Samples:
        """A split in the types that code is compiled for, memory-mapped or not."""
        if split.images.dtype not in (np.uint8, np.float32):
            raise TypeError(f"images are bytes or float32, not {split.images.dtype}")
        floats = split.images.dtype == np.float32
        images = np.ascontiguousarray(split.images).view(np.uint8)
        images.flags.writeable = False
        labels: NDArray[np.int64]
        if self._network.loss_function.numbers:
            labels = split.labels.astype(np.float64).view(np.int64)
        elif split.labels.max(initial=0) >= self._net.layout[-1, compiled_net.OUTPUTS]:
            raise IndexError("a label is none of the classes")
        else:
            labels = split.labels.astype(np.int64)
        inputs = self._transform.astype(self._net.theta.dtype)
        weights = split.weights
        if weights is not None:
            weights = np.ascontiguousarray(weights).view()
            weights.flags.writeable = False
        return compiled_net.Samples(images, floats, labels, inputs.scale, inputs.shift, weights)


def _loss_kernel(network: Network) -> int:
    """The kernel of the net's loss; that of its activation is the only one there is.

    Raises:
        SettingsError: there is none of its loss, or of its activation.
    """
    loss, activation = network.loss_function.kernel, network.activation_function.kernel
    if loss not in compiled_net.LOSSES:
        raise SettingsError(
            f"engine = 'compiled': has no kernel of loss {network.loss!r}; let the layers train"
        )
    if network.depth > 1 and activation not in compiled_net.ACTIVATIONS:
        raise SettingsError(
            f"engine = 'compiled': has no kernel of activation {network.activation!r}; let the layers train"
        )
    return compiled_net.LOSSES[loss]


def _packed(initial: Parameters, depth: int) -> tuple[Array, Parameters, NDArray[np.int64]]:
    """All parameters in one array, each as a view of it, and the layout of
    :class:`chainrule.train.engines.compiled_net.Net`."""
    theta = np.empty(sum(array.size for array in initial.values()), initial["W1"].dtype)
    views: Parameters = {}
    layout, at = np.zeros((depth, 2 + len(_COLUMNS)), np.int64), 0
    for layer in range(depth):
        _, layout[layer, compiled_net.OUTPUTS], layout[layer, compiled_net.INPUTS] = initial[
            f"W{layer + 1}"
        ].shape
        for kind, column in _COLUMNS.items():
            array = initial.get(f"{kind}{layer + 1}")
            if array is not None:
                theta[at : at + array.size] = array.ravel()
                views[f"{kind}{layer + 1}"] = theta[at : at + array.size].reshape(array.shape)
                layout[layer, column] = at
                at += array.size
    return theta, views, layout


def ready(dtype: DTypeLike) -> None:
    """Compile what a first step would wait for, or load it where that was done before."""
    network, data = Network((1, 2), "cross_entropy"), Split(np.zeros((1, 1), np.uint8), np.zeros(1, np.uint8))
    transform = Transform(np.ones(1), np.zeros(1))
    initial = network.initial(0, ["he"], dtype)
    engine = Compiled(Problem(network, initial, data, transform, 1, np.zeros((1, 1)), np.zeros(1)))
    engine.descend(np.zeros(1, np.intp), 0, single=True)
    engine.evaluate(data)
