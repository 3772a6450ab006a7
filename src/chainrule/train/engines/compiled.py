"""Training by compiled code: the nets of :mod:`chainrule.train.engines.compiled_net` as an engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike, NDArray

from chainrule.arrays import Array, Labels
from chainrule.chosen import lying
from chainrule.components import ACTIVATIONS
from chainrule.data.splits import Split
from chainrule.errors import SettingsError
from chainrule.machine.threads import blas_threads
from chainrule.nn.batchnorm import EPS
from chainrule.nn.network import Network, Parameters
from chainrule.nn.weighting import relative
from chainrule.rng import key
from chainrule.train.engines import compiled_net, elementwise, memory
from chainrule.train.engines.addresses import NO_MOVES, NO_NORM, addressed
from chainrule.train.engines.engine import Problem
from chainrule.train.engines.first_layer import Samples
from chainrule.train.engines.innermost import shape
from chainrule.train.engines.losses import LOSSES, label_words
from chainrule.train.engines.packed import Packed
from chainrule.train.engines.step_numbers import Update
from chainrule.train.engines.team import Team, together
from chainrule.train.evaluate import Evaluation

_STEPS = 100
"""Taken in one call, so that Ctrl-C is heard between two."""

_BLOCK = 200
"""Samples that are evaluated at a time."""


_NO_WEIGHTS = np.zeros((1, 0))
"""Of samples."""


class Compiled:
    """See :class:`chainrule.train.engines.engine.Engine`. It takes as many threads as BLAS has."""

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
        network, l2 = problem.network, problem.l2
        self._network = network
        self._update = Update(problem)
        room = self._update.words + (self._update.gradient > 0)
        packed = Packed(problem.initial, network.depth, room)
        theta = packed.theta
        self._threads = blas_threads()
        tiles = shape(theta.dtype)
        self._loss, several = _loss_kernel(network), problem.data.labels.ndim == 2
        multiplied = network.activation != "relu" or problem.dropout is not None
        table, places, values = memory.lay_out(
            packed.layout,
            len(l2),
            tiles,
            theta.dtype,
            max(problem.size, _BLOCK),
            self._threads,
            multiplied,
            room,
            self._update.numbers,
        )
        words = label_words(several, network.widths[-1])
        smoothed = np.zeros(len(l2)) if problem.smoothed is None else problem.smoothed
        smoothed = smoothed.astype(theta.dtype)
        least, scale, keys = _left_out(problem, theta.dtype)
        self._net = memory.Net(
            members=len(l2),
            batch_norm=network.batch_norm,
            loss=0,
            norm=NO_NORM,
            drop=0,
            moves=NO_MOVES,
            several=several,
            activation=_activation_kernel(network, theta.dtype) if multiplied else 0,
            multiplied=multiplied,
            update=self._update.address,
            states=self._update.states,
            averaged=problem.ema is not None,
            gradient=self._update.gradient,
            cut=0,
            longest=np.zeros(len(l2)) if problem.clip is None else np.array(problem.clip, np.float64),
            numbers=self._update.numbers,
            eps=EPS,
            shape=tiles,
            layers=table,
            places=places,
            smoothed=smoothed,
            drops=problem.dropout is not None,
            least=least,
            scale=scale,
            keys=keys,
            words=np.zeros((self._threads, 4), np.uint64),
            labels=np.zeros((self._threads, max(problem.size, _BLOCK) * words), np.int64),
            size=packed.size,
            theta=theta,
            memory=values,
        )
        self._parameters, self._state = self._update.views(packed)
        self._in_tiles = False
        self._transform, self._size = problem.transform, problem.size
        self._training, self._rows, self._labels = self._samples(problem.data)
        self._weights = problem.data.weights
        self._before = problem.before
        self._shares = np.full(problem.rates.shape, network.running_share)
        # What a net starts with is no mean of anything that it saw; of one that goes on it is.
        self._shares[:1] *= problem.before > 0

    @property
    def parameters(self) -> Parameters:
        """See :class:`chainrule.train.engines.engine.Engine`."""
        self._bring_weights(into=False)
        return self._parameters

    @property
    def state(self) -> Parameters:
        """See :class:`chainrule.train.engines.engine.Engine`."""
        self._bring_weights(into=False)
        return self._state

    def _bring_weights(self, *, into: bool) -> None:
        """Weights lie in tiles as long as steps are taken and nobody looks, else among the other parameters, where they
        may be changed."""
        if self._in_tiles != into:
            compiled_net.exchange_weights(self._net, self._update.words, into=into)
            self._in_tiles = into

    def descend(self, order: NDArray[np.intp], step: int, *, single: bool) -> tuple[int, NDArray[np.bool_]]:
        """See :class:`chainrule.train.engines.engine.Engine`."""
        wanted = 1 if single else -(-len(order) // self._size)
        taken, failing = 0, np.zeros(self._net.members, bool)
        self._bring_weights(into=True)
        while taken < wanted and not failing.any():
            count = min(_STEPS, wanted - taken)
            coming = order[taken * self._size : (taken + count) * self._size]
            losses, right = np.empty((count, self._net.members)), np.empty((0, self._net.members))
            taken += self._steps(
                self._net,
                self._training,
                self._rows[coming],
                self._labels[coming].ravel(),
                self._size,
                True,
                *self._coming(coming, step + taken, count),
                step + taken,
                losses,
                right,
            )
            failing = ~np.isfinite(losses[(taken - 1) % _STEPS])
        return taken, failing

    def _coming(
        self, order: NDArray[np.intp], first: int, count: int
    ) -> tuple[Array, Array, Array, Array | None]:
        """Of so many steps what errors are multiplied by, the optimizer's numbers, what running values keep of
        themselves, and r of ``order``."""
        begin = first - self._before
        shares, weights = self._shares[begin : begin + count], self._weights
        if weights is None:
            return *self._update.coming(first, count, None), shares, None
        parts = [
            relative(weights[:, order[start : start + self._size]])
            for start in range(0, len(order), self._size)
        ]
        moves = np.array([moving for _, moving in parts])
        r = np.concatenate([part for part, _ in parts], axis=1).astype(self._net.theta.dtype, order="C")
        return *self._update.coming(first, count, moves), np.where(moves, shares, 1.0), r

    def evaluate(self, split: Split) -> Evaluation:
        """See :class:`chainrule.train.engines.engine.Engine`."""
        losses, right = np.empty((2, -(-len(split) // _BLOCK), self._net.members))
        self._bring_weights(into=True)
        net = self._net
        if net.averaged:
            # It is the means of weights, the last word beside them but for gradients.
            kept, layers = self._update.words - 1, net.layers.copy()
            layers[:, memory.TILES] += kept * layers[:, memory.APART]
            net = net._replace(theta=net.theta[kept * net.size :], layers=layers)
        samples, rows, labels = self._samples(split)
        of_training = (*self._update.coming(self._before, 1, None), self._shares[:1])
        given = (*of_training, split.weights, 0, losses, right)
        self._steps(net, samples, rows, labels.ravel(), _BLOCK, False, *given)
        numbers = self._network.loss_function.numbers
        return Evaluation(
            losses.sum(axis=0) / split.weight, None if numbers else right.sum(axis=0) / split.weight
        )

    def _steps(
        self, net: memory.Net, samples: Samples, order: NDArray[np.intp], labels: NDArray[np.int64], size: int,
        descending: bool, factors: Array, numbers: Array, shares: Array, r: Array | None, first: int, losses: Array,
        right: Array,
    ) -> int:  # fmt: skip
        """By all threads; gives how many minibatches were taken. What of a step is compiled by itself is made for what
        is given here."""
        net = addressed(net, self._loss, None if r is None else r.dtype.name)
        bytes_ = np.ascontiguousarray(_NO_WEIGHTS if r is None else r).view(np.uint8)
        bytes_.flags.writeable = False

        def part(team: Team) -> int:
            taken: int = compiled_net.steps(
                samples, order, labels, size, net, descending, factors, numbers, shares, bytes_, first, losses, right,
                team,
            )  # fmt: skip
            return taken

        return together(self._threads, part)[0]

    def _samples(self, split: Split) -> tuple[Samples, NDArray[np.intp], NDArray[np.int64]]:
        """A split in the types that code is compiled for, memory-mapped or not: the table that it lies in, which of the
        table's rows it has, (N,), and their labels, (N,) or a few words each."""
        if split.images.dtype not in (np.uint8, np.float32):
            raise TypeError(f"images are bytes or float32, not {split.images.dtype}")
        table, rows = lying(split.images)
        floats = table.dtype == np.float32
        images = np.ascontiguousarray(table).view(np.uint8)
        images.flags.writeable = False
        if self._network.loss_function.numbers:
            labels = split.labels.astype(np.float64).view(np.int64)
        elif split.labels.ndim == 2:
            labels = _bits(split.labels)
        elif split.labels.max(initial=0) >= self._net.layers[-2, memory.OUTPUTS]:
            raise IndexError("a label is none of the classes")
        else:
            labels = split.labels.astype(np.int64)
        inputs = self._transform.astype(self._net.theta.dtype)
        # Code is compiled for rows that can be written: of others it would be compiled once more.
        rows = np.require(rows, np.intp, ["C", "W"])
        return Samples(images, floats, inputs.scale, inputs.shift), rows, labels


def _loss_kernel(network: Network) -> str:
    """The kernel of the net's loss.

    Raises:
        SettingsError: there is none.
    """
    loss = network.loss_function.kernel
    if loss not in LOSSES:
        raise SettingsError(
            f"engine = 'compiled': has no kernel of loss {network.loss!r}; let the layers train"
        )
    return loss


def _bits(targets: Labels) -> NDArray[np.int64]:
    """Targets (N, K) of 0 and 1 as bits, (N, words), the first class's the lowest."""
    packed = np.packbits(targets.astype(bool), axis=1, bitorder="little")
    packed = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8)))
    return packed.view("<i8").astype(np.int64)


def _activation_kernel(network: Network, dtype: DTypeLike) -> int:
    """The address of the loop of the net's activation.

    Raises:
        SettingsError: it has none.
    """
    record = network.activation_function
    if record.kernel is None or ACTIVATIONS.is_own(record):
        raise SettingsError(
            f"engine = 'compiled': has no kernel of activation {network.activation!r}; let the layers train"
        )
    return elementwise.activation(record, dtype)


def _left_out(problem: Problem, dtype: DTypeLike) -> tuple[NDArray[np.uint64], Array, NDArray[np.uint64]]:
    """What dropout needs of every member: below which number units are left out, (P,), what the others are multiplied
    by, (P,), and keys, (P, 2). Without dropout nobody's."""
    shares = np.zeros(len(problem.l2)) if problem.dropout is None else problem.dropout
    seeds = [0] * len(shares) if problem.dropout is None else problem.seeds
    keys = np.array([key(seed, "dropout") for seed in seeds])
    return (shares * 2.0**32).astype(np.uint64), (1 / (1 - shares)).astype(dtype), keys
