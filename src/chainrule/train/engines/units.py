"""What units do by themselves, compiled: biases, batch norm, activations and dropout, a tile at a time."""

from __future__ import annotations

from typing import Any

from chainrule.arrays import Array
from chainrule.train.engines import lanes
from chainrule.train.engines.counted import leave_out
from chainrule.train.engines.elementwise import call
from chainrule.train.engines.innermost import tile_lanes
from chainrule.train.engines.memory import (
    ALL,
    BETA,
    BIASES,
    GAMMA,
    GROUP_EACH,
    MEAN,
    OUTPUTS,
    SIGMA,
    SUMS,
    VARIANCE,
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
from chainrule.train.engines.updates import average, move_units


@part
def is_top(net: Net, layer: int) -> bool:
    """Whether nothing but scores comes of a layer."""
    return layer == len(net.layers) - 2 or len(net.layers) == 2


@part
def _members_lanes(net: Net, layer: int, p: int, lane: int, lanes: int) -> tuple[int, int]:
    """Whose a lane of a layer is, and how many of ``lanes`` from it on are the same member's."""
    if layer != ALL:
        return p, lanes
    units = net.layers[0, OUTPUTS]
    member = lane // units
    return member, min(lanes, (member + 1) * units - lane)


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
        r, start: weights over their mean, in which the minibatch begins with ``start``, or None.
        update: which it is, from 0 on, where there is a way back.
        team: that shares the tiles.
    """
    shape, memory, top, units = net.shape, net.memory, is_top(net, layer), net.layers[layer, OUTPUTS]
    s_at, h_at = values(net, layer, S, group), values(net, layer, H, group)
    width = tile_lanes(shape)
    for first in range(team.number * width, s_at.lanes, team.size * width):
        s, h = tile(shape, memory, s_at, first), tile(shape, memory, h_at, first)
        count, at = min(s.shape[1], units - first), 0
        lanes.add_bias(s, n, parameters(net, layer, BIASES, p * units + first, count, 0))
        while net.batch_norm and not top and at < count:
            member, more = _members_lanes(net, layer, p, first + at, count - at)
            mine = lanes.row(r, member, start, start + n)
            unit, sums = p * units + first + at, own(net, SUMS, team.thread, 5 * width)
            _batch_norm_forward(
                net, layer, group, s, n, at, h, unit, first + at, more, shares[member], running, mine, sums
            )  # fmt: skip
            at += more
        if not top and net.multiplied:
            if not net.batch_norm:
                lanes.copy(s, n, count, h)
            slopes = tile(shape, memory, values(net, layer, F, group), first)
            call(net.activation, (h, n, count, slopes))
            if net.drops and not running:
                _drop(net, layer, p, h, slopes, n, first, count, update, net.words[team.thread])
        elif not top:
            lanes.relu_forward(h if net.batch_norm else s, n, count, h)


@part
def _drop(
    net: Net, layer: int, p: int, h: Array, slopes: Array, n: int, first: int, count: int, update: int, words: Any
) -> None:  # fmt: skip
    """Dropout of a tile's ``count`` lanes, the first of which is ``first`` in the layer."""
    at = 0
    while at < count:
        member, more = _members_lanes(net, layer, p, first + at, count - at)
        unit, number = (
            (first + at, layer + 1) if layer != ALL else (first + at - member * net.layers[0, OUTPUTS], 1)
        )
        if net.least[member] > 0:
            key, least, scale = net.keys[member], net.least[member], net.scale[member]
            leave_out(h, slopes, n, at, more, unit, number, update, key, least, scale, words)
        at += more


@part
def _batch_norm_forward(
    net: Net, layer: int, group: int, s: Array, n: int, at: int, h: Array, unit: int, lane: int, count: int,
    share: float, running: bool, r: Any, sums: Array,
) -> None:  # fmt: skip
    """Of one member's lanes of a tile, from ``at`` on in it, ``unit`` among all parameters, ``lane`` in the layer."""
    gamma, beta = parameters(net, layer, GAMMA, unit, count, 0), parameters(net, layer, BETA, unit, count, 0)
    means = parameters(net, layer, MEAN, unit, count, 0)
    variances = parameters(net, layer, VARIANCE, unit, count, 0)
    if running:
        lanes.normalize(s, n, at, h, gamma, beta, net.eps, means, variances, sums)
    else:
        inverse_sigma = _inverse_sigma(net, layer, group, lane, count)
        lanes.batchnorm_forward(s, n, at, h, gamma, beta, net.eps, r, sums, inverse_sigma)
        lanes.keep_running(means, sums, share)
        lanes.keep_running(variances, sums[count:], share)


@part
def _inverse_sigma(net: Net, layer: int, group: int, lane: int, count: int) -> Array:
    at = net.layers[layer, SIGMA] + lane + (0 if layer == ALL else group * net.places[GROUP_EACH])
    return net.memory[at : at + count]


@part
def units_backward(net: Net, layer: int, p: int, group: int, n: int, r: Any, start: int, team: Team) -> None:
    """The way back of :func:`units_forward`: errors go down in place, and all parameters but W take their step."""
    shape, memory, top, units = net.shape, net.memory, is_top(net, layer), net.layers[layer, OUTPUTS]
    s_at, h_at, g_at = (
        values(net, layer, S, group),
        values(net, layer, H, group),
        values(net, layer, G, group),
    )
    width = tile_lanes(shape)
    for first in range(team.number * width, g_at.lanes, team.size * width):
        step, s = tile(shape, memory, g_at, first), tile(shape, memory, s_at, first)
        count, at = min(step.shape[1], units - first), 0
        if not top and net.multiplied:
            lanes.multiply(step, n, count, tile(shape, memory, values(net, layer, F, group), first))
        elif not top:
            lanes.relu_backward(step, n, count, tile(shape, memory, h_at, first))
        normed, stateful, start_unit = net.batch_norm and not top, net.update != 0, p * units + first
        sums = own(net, SUMS, team.thread, 5 * width)
        slopes = sums[3 * width :]
        slopes[:] = 0
        while normed and at < count:
            member, more = _members_lanes(net, layer, p, first + at, count - at)
            unit, inverse_sigma = start_unit + at, _inverse_sigma(net, layer, group, first + at, more)
            gamma = parameters(net, layer, GAMMA, unit, more, 0)
            beta = parameters(net, layer, BETA, unit, more, 0)
            to_gamma, to_beta = slopes[at : at + more], slopes[width + at : width + at + more]
            mine = lanes.row(r, member, start, start + n)
            lanes.batchnorm_backward(
                step, n, at, s, gamma, to_gamma if stateful else gamma, to_beta if stateful else beta, inverse_sigma,
                mine, sums,
            )  # fmt: skip
            at += more
        if not stateful:
            lanes.descend_bias(step, n, parameters(net, layer, BIASES, start_unit, count, 0))
        elif normed:
            # Batch norm takes away what a bias in front of it adds.
            move_units(net, layer, GAMMA, start_unit, group, first, slopes[:count])
            move_units(net, layer, BETA, start_unit, group, first, slopes[width : width + count])
            if net.averaged:
                average(net, layer, MEAN, start_unit, group, first, count)
                average(net, layer, VARIANCE, start_unit, group, first, count)
        else:
            lanes.descend_bias(step, n, slopes[:count])
            move_units(net, layer, BIASES, start_unit, group, first, slopes[:count])
