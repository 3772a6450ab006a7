"""What trainings would wait for, compiled before anybody does, or loaded where that was done already."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from chainrule.components import LOSSES
from chainrule.data.splits import Split
from chainrule.data.transforms.transform import Transform
from chainrule.nn.network import Network
from chainrule.train.engines import elementwise
from chainrule.train.engines.compiled import Compiled
from chainrule.train.engines.engine import Problem


def ready(dtype: DTypeLike, *, weighted: bool) -> None:
    """What every training's first step waits for, with weights of samples or without."""
    _take_step(dtype, weighted, (1, 2), "cross_entropy", False)


def components_ready(dtype: DTypeLike, *, weighted: bool) -> None:
    """What steps call by its address: a training waits for that which it uses."""
    elementwise.ready(dtype)
    for record in LOSSES.values():
        if record.kernel is not None and not LOSSES.is_own(record):
            _take_step(dtype, weighted, (1, 1), record.name, False)
    one = np.full(1, 0.5)
    _take_step(dtype, weighted, (1, 1, 2), "cross_entropy", True, clip=one)
    _take_step(dtype, weighted, (1, 1, 2), "cross_entropy", False, dropout=one, seeds=[0])


def _take_step(
    dtype: DTypeLike, weighted: bool, widths: tuple[int, ...], loss: str, batch_norm: bool, **own: Any
) -> None:
    """Of the smallest training of such a net, and evaluate it."""
    network, transform = Network(widths, loss, batch_norm), Transform(np.ones(1), np.zeros(1))
    numbers = np.float64 if network.loss_function.numbers else np.uint8
    data = Split(np.zeros((2, 1), np.uint8), np.zeros(2, numbers), np.ones((1, 2)) if weighted else None)
    initial = network.initial(0, ["he"], dtype)
    engine = Compiled(Problem(network, initial, data, transform, 2, np.zeros((1, 1)), np.zeros(1), **own))
    engine.descend(np.arange(2), 0, single=True)
    engine.evaluate(data)
