"""What steps call by its address, compiled where a plan uses it: a training waits for nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import typeof

from chainrule.train.engines.clipped import cut_address
from chainrule.train.engines.dropped import drop_address
from chainrule.train.engines.located import TuplePlace
from chainrule.train.engines.losses import loss_address
from chainrule.train.engines.memory import Net
from chainrule.train.engines.normed import NormAddresses, norm_addresses
from chainrule.train.engines.updates import MoveAddresses, move_addresses

NO_NORM, NO_MOVES = NormAddresses(0, 0), MoveAddresses(0, 0)
"""Of a net that has none."""


# No functools.cache: all nets of a type of numbers are of one type, but to ask numba for it takes as long as ten steps
# of a small net, and what would have to be given, a net, cannot be hashed.
_FOUND: dict[tuple[Any, ...], dict[str, Any]] = {}


def addressed(net: Net, loss: str, weights: str | None) -> Net:
    """The net with all addresses that it uses.

    Args:
        net: whose kind is known, but for these.
        loss: one of :data:`chainrule.train.engines.losses.LOSSES`.
        weights: which numbers those of samples are, as steps are given them, or None.
    """
    kind = (
        net.theta.dtype, loss, weights, net.batch_norm, net.drops, net.update != 0, net.gradient > 0,
    )  # fmt: skip
    if kind not in _FOUND:
        _FOUND[kind] = _addresses(TuplePlace(typeof(net)), *kind)
    return net._replace(**_FOUND[kind])


def _addresses(
    net: TuplePlace, real: np.dtype[Any], loss: str, weights: str | None, normed: bool, drops: bool, stateful: bool,
    cut: bool,
) -> dict[str, Any]:  # fmt: skip
    return {
        "loss": loss_address(loss, real.name, weights),
        "norm": norm_addresses(net, weights) if normed else NO_NORM,
        "drop": drop_address(net) if drops else 0,
        "moves": move_addresses(net) if stateful else NO_MOVES,
        "cut": cut_address(net) if cut else 0,
    }
