"""What steps call by its address, compiled where a plan uses it: a training waits for nothing else."""

from __future__ import annotations

from typing import Any

from numba import typeof

from chainrule.arrays import Array
from chainrule.train.engines.clipped import cut_address
from chainrule.train.engines.dropped import drop_address
from chainrule.train.engines.located import TuplePlace
from chainrule.train.engines.losses import loss_address
from chainrule.train.engines.memory import Net
from chainrule.train.engines.normed import NormAddresses, norm_addresses
from chainrule.train.engines.updates import MoveAddresses, move_addresses

NO_NORM, NO_MOVES = NormAddresses(0, 0), MoveAddresses(0, 0)
"""Of a net that has none."""


_FOUND: dict[Any, dict[str, Any]] = {}


def addressed(net: Net, loss: str, r: Array | None) -> Net:
    """The net with all addresses that it uses.

    Args:
        net: whose kind is known, but for these.
        loss: one of :data:`chainrule.train.engines.losses.LOSSES`.
        r: weights of samples as steps are given them, or None.
    """
    used = (net.batch_norm, net.drops, net.update != 0, net.gradient > 0)
    # All nets of a type of numbers are of one type; to ask numba for it takes as long as ten steps of a small net.
    kind = (net.theta.dtype, loss, None if r is None else (r.dtype, r.flags.writeable), *used)
    if kind not in _FOUND:
        _FOUND[kind] = _addresses(typeof(net), loss, typeof(r), *used)
    return net._replace(**_FOUND[kind])


def _addresses(
    net: Any, loss: str, weights: Any, normed: bool, drops: bool, stateful: bool, cut: bool
) -> dict[str, Any]:
    place, real = TuplePlace(net), dict(zip(net.fields, net.types, strict=True))["theta"].dtype
    return {
        "loss": loss_address(loss, real, weights),
        "norm": norm_addresses(place, weights) if normed else NO_NORM,
        "drop": drop_address(place) if drops else 0,
        "moves": move_addresses(place, real) if stateful else NO_MOVES,
        "cut": cut_address(place, real) if cut else 0,
    }
