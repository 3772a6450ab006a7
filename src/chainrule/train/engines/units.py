"""What units do by themselves, compiled: biases, batch norm, activations and dropout, a tile at a time."""

from __future__ import annotations

from typing import Any

from chainrule.arrays import Array
from chainrule.train.engines import lanes
from chainrule.train.engines.calls import call
from chainrule.train.engines.innermost import tile_lanes
from chainrule.train.engines.memory import (
    BIASES,
    OUTPUTS,
    SUMS,
    F,
    G,
    H,
    Net,
    S,
    own,
    parameters,
    values,
)
from chainrule.train.engines.parts import part
from chainrule.train.engines.team import Team
from chainrule.train.engines.tiles import tile


@part
def is_top(net: Net, layer: int) -> bool:
    """Whether nothing but scores comes of a layer."""
    return layer == len(net.layers) - 2 or len(net.layers) == 2


@part
def units_forward(
    net: Net, layer: int, p: int, group: int, n: int, shares: Array, running: bool, r: Any, start: int, update: int,
    team: Team,
) -> None:  # fmt: skip
    """What the units of a layer do by themselves, a tile at a time.

    Args:
        net, layer: which layer; :data:`ALL`: the first, of all members.
        p, group: of which member, and the threads that have it in hand.
        n: samples.
        shares: of the old running values that every member keeps, (P,).
        running: batch norm by running values, which are left as they are.
        r, start: bytes of weights over their mean, in which the minibatch begins with ``start``.
        update: which it is, from 0 on, where there is a way back.
        team: that shares the tiles.
    """
    shape, memory, top, units = net.shape, net.memory, is_top(net, layer), net.layers[layer, OUTPUTS]
    s_at, h_at = values(net, layer, S, group), values(net, layer, H, group)
    width = tile_lanes(shape)
    for first in range(team.number * width, s_at.lanes, team.size * width):
        s, h = tile(shape, memory, s_at, first), tile(shape, memory, h_at, first)
        count = min(s.shape[1], units - first)
        lanes.add_bias(s, n, parameters(net, layer, BIASES, p * units + first, count, 0))
        if net.batch_norm and not top:
            given = (net, layer, p, group, first, n, shares, running, r, start, team.thread)
            call("norm_forward", net.norm.forward, given)
        if not top and net.multiplied:
            if not net.batch_norm:
                lanes.copy(s, n, count, h)
            slopes = tile(shape, memory, values(net, layer, F, group), first)
            call("activation", net.activation, (h, n, count, slopes))
            if net.drops and not running:
                call("drop_units", net.drop, (net, layer, p, group, n, first, count, update, team.thread))
        elif not top:
            lanes.relu_forward(h if net.batch_norm else s, n, count, h)


@part
def units_backward(net: Net, layer: int, p: int, group: int, n: int, r: Any, start: int, team: Team) -> None:
    """The way back of :func:`units_forward`: errors go down in place, and all parameters but W take their step."""
    shape, memory, top, units = net.shape, net.memory, is_top(net, layer), net.layers[layer, OUTPUTS]
    h_at, g_at = values(net, layer, H, group), values(net, layer, G, group)
    width = tile_lanes(shape)
    for first in range(team.number * width, g_at.lanes, team.size * width):
        step = tile(shape, memory, g_at, first)
        count = min(step.shape[1], units - first)
        if not top and net.multiplied:
            lanes.multiply(step, n, count, tile(shape, memory, values(net, layer, F, group), first))
        elif not top:
            lanes.relu_backward(step, n, count, tile(shape, memory, h_at, first))
        if net.batch_norm and not top:
            call("norm_backward", net.norm.backward, (net, layer, p, group, first, n, r, start, team.thread))
        start_unit, slopes = p * units + first, own(net, SUMS, team.thread, width)[:count]
        if net.update == 0:
            lanes.descend_bias(step, n, parameters(net, layer, BIASES, start_unit, count, 0))
        elif top or not net.batch_norm:
            # Else batch norm takes away what a bias in front of it adds.
            slopes[:] = 0
            lanes.descend_bias(step, n, slopes)
            call("move_units", net.moves.units, (net, layer, BIASES, start_unit, group, first, slopes))
