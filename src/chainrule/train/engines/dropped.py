"""Dropout of a tile, compiled by itself and called by its address, as most nets do without."""

from __future__ import annotations

import functools
from pathlib import Path

from chainrule.machine.compiler import kept_kind
from chainrule.train.engines.calls import taken
from chainrule.train.engines.counted import leave_out
from chainrule.train.engines.located import TuplePlace
from chainrule.train.engines.memory import ALL, OUTPUTS, F, H, Net, members_lanes, values
from chainrule.train.engines.parts import called
from chainrule.train.engines.tiles import tile


@functools.cache
def drop_address(net: TuplePlace) -> int:
    """The address of :func:`drop_units` for nets of this type."""
    kind, signature = kept_kind(net.attribute("theta").dtype.name), taken("drop_units", net)
    return int(called(Path(__file__), "drop_units", kind, signature, apart=False)(drop_units).address)


def drop_units(
    net: Net, layer: int, p: int, group: int, n: int, first: int, count: int, update: int, thread: int
) -> None:
    """Dropout of a tile's ``count`` lanes, the first of which is ``first`` in the layer."""
    h = tile(net.shape, net.memory, values(net, layer, H, group), first)
    slopes = tile(net.shape, net.memory, values(net, layer, F, group), first)
    at = 0
    while at < count:
        member, more = members_lanes(net, layer, p, first + at, count - at)
        unit, number = (
            (first + at, layer + 1) if layer != ALL else (first + at - member * net.layers[0, OUTPUTS], 1)
        )
        if net.least[member] > 0:
            key, least, scale = net.keys[member], net.least[member], net.scale[member]
            leave_out(h, slopes, n, at, more, unit, number, update, key, least, scale, net.words[thread])
        at += more
