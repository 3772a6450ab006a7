"""What takes the steps and evaluates: the layers, or compiled code for the same; rounding alone tells them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chainrule.data.augmentation import Augmentation
from chainrule.data.splits import Split
from chainrule.data.transforms.transform import Transform
from chainrule.nn.network import Network, Parameters, is_trained
from chainrule.settings.settings import OptimizerValue
from chainrule.train.evaluate import Evaluation


@dataclass(frozen=True)
class Problem:
    """P nets that see the same minibatches.

    Attributes:
        network: their layers and loss.
        initial: their parameters to start with.
        data: the training split.
        transform: of all images.
        size: samples of a minibatch.
        rates: (steps, P), for every step of the training after those ``before``.
        l2: (P,).
        optimizer: what gradients do to them, as settings say it; of the first, where ``optimizers`` tell them apart.
        optimizers: of each member, all of one name; none where all are alike.
        smoothed: the share of labels that is smoothed, (P,); None where nobody's are.
        clip: how long gradients may be, (P,), 0 for any; None where all may be.
        dropout: the share of hidden units that is left out, (P,); None where nobody's are.
        seeds: of the members, where there is dropout.
        augment: what is done to images before they are seen; None: nothing.
        ema: what weights count in their mean after another update, (P,); None where nobody's are averaged.
        before: steps that the nets had already, from which numbers of steps go on.
    """

    network: Network
    initial: Parameters
    data: Split
    transform: Transform
    size: int
    rates: NDArray[np.float64]
    l2: NDArray[np.float64]
    optimizer: OptimizerValue = "sgd"
    optimizers: Sequence[OptimizerValue] = ()
    smoothed: NDArray[np.float64] | None = None
    clip: NDArray[np.float64] | None = None
    dropout: NDArray[np.float64] | None = None
    seeds: Sequence[int] = ()
    ema: NDArray[np.float64] | None = None
    augment: Augmentation | None = None
    before: int = 0


class Engine(Protocol):
    """Trains and evaluates the nets of a :class:`Problem`."""

    @property
    def parameters(self) -> Parameters:
        """Theirs, which are evaluated and kept, to be looked at and changed in place until steps are taken or something
        is evaluated: whoever wants them then asks again."""

    @property
    def state(self) -> Parameters:
        """What is kept beside them, likewise: the optimizer's, as ``velocity.W1``, and where parameters are means those
        that descend, as ``trained.W1``."""

    def descend(self, order: NDArray[np.intp], step: int, *, single: bool) -> tuple[int, NDArray[np.bool_]]:
        """Take steps; a minibatch with losses that are not finite is the last.

        Args:
            order: indices of the samples that are to come, minibatch after minibatch.
            step: how many steps there were before.
            single: take one only.

        Returns:
            How many were taken, one at least, and whose losses were not finite in the last, (P,).
        """

    def evaluate(self, split: Split) -> Evaluation:
        """Mean loss and accuracy of all nets on a split."""


def is_moved(name: str, parameters: Parameters) -> bool:
    """Whether an optimizer that keeps state moves a parameter: not a bias in front of batch norm, which takes away what
    it adds. Its gradient is 0 but for rounding, of which Adam would make whole steps.

    >>> [is_moved(name, dict.fromkeys(("W1", "b1", "gamma1", "mean1"))) for name in ("W1", "b1", "gamma1", "mean1")]
    [True, False, True, False]
    """
    return is_trained(name) and not (name.startswith("b") and f"gamma{name[1:]}" in parameters)


def alike(problem: Problem) -> list[tuple[Any, OptimizerValue]]:
    """Members whose optimizers are the same, as an index, and that optimizer: all of them, or a list for each."""
    distinct = list(dict.fromkeys(problem.optimizers))
    if len(distinct) < 2:
        return [(slice(None), problem.optimizer)]
    own = list(problem.optimizers)
    return [([m for m, value in enumerate(own) if value == other], other) for other in distinct]
