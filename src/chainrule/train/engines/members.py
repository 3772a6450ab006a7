"""The layers above the first, compiled: members one by one, layer by layer forward and back."""

from __future__ import annotations

from typing import Any

from chainrule.arrays import Array
from chainrule.train.engines.calls import call
from chainrule.train.engines.innermost import tile_lanes
from chainrule.train.engines.memory import (
    ALL,
    GROUP_EACH,
    ONES,
    OUTPUTS,
    SAMPLES,
    SCORES,
    TURNED,
    G,
    H,
    Net,
    S,
    own,
    values,
    weights,
)
from chainrule.train.engines.parts import part
from chainrule.train.engines.team import Team, wait
from chainrule.train.engines.tiles import (
    Tiled,
    add_scores,
    clear,
    copy_lanes,
    descend,
    tile,
    transpose,
)
from chainrule.train.engines.units import units_backward, units_forward
from chainrule.train.engines.updates import kept, write_numbers
from chainrule.train.engines.views import flat, matrix


@part
def _multiplied(net: Net, W: Tiled, below: Tiled, s: Tiled, n: int, ones: Array, team: Team) -> None:
    """s = below W, all in tiles."""
    shape, memory = net.shape, net.memory
    width = tile_lanes(shape)
    for first in range(team.number * width, s.lanes, team.size * width):
        w, out = tile(shape, memory, W, first), tile(shape, memory, s, first)
        clear(shape, out, n)
        for second in range(0, below.lanes, width):
            x = tile(shape, memory, below, second)
            add_scores(shape, w[second : second + x.shape[1]], flat(x), x.shape[1], out, n, ones)


@part
def _descended(net: Net, layer: int, p: int, group: int, n: int, team: Team) -> None:
    """A member's weights of a layer, in tiles, take their step."""
    shape, memory = net.shape, net.memory
    W, below, step = weights(net, layer, p, 0), values(net, layer - 1, H, group), values(net, layer, G, group)
    width = tile_lanes(shape)
    for first in range(team.number * width, W.lanes, team.size * width):
        w, ds, keep = (
            tile(shape, memory, W, first),
            tile(shape, memory, step, first),
            kept(net, layer, group, first),
        )
        for second in range(0, below.lanes, width):
            x = tile(shape, memory, below, second)
            count, inputs = x.shape[1], flat(x)
            if net.update == 0:
                descend(shape, ds, n, inputs, count, w[second : second + count], keep)
            else:
                given = (net, layer, p, group, first, second, ds, n, inputs, count, count, team.thread)
                call("move_weights", net.moves.weights, given)


@part
def member_scores(net: Net, group: int) -> Array:
    """One member's, (samples, classes)."""
    samples, classes = net.places[SAMPLES], net.layers[-2, OUTPUTS]
    return matrix(own(net, SCORES, group, samples * classes), samples, classes)


@part
def _copy_scores(net: Net, kind: int, group: int, n: int, out: bool) -> None:
    """A member's scores out of the last layer's tiles, or errors back."""
    scores, tiled = member_scores(net, group), values(net, len(net.layers) - 2, kind, group)
    for first in range(0, tiled.lanes, tile_lanes(net.shape)):
        t = tile(net.shape, net.memory, tiled, first)
        for i in range(n):
            row, plain = t[i], scores[i, first : first + t.shape[1]]
            for k in range(len(plain)):
                if out:
                    plain[k] = row[k]
                else:
                    row[k] = plain[k]


@part
def member_forward(
    net: Net, p: int, group: int, n: int, shares: Array, running: bool, r: Any, start: int, update: int, team: Team
) -> None:  # fmt: skip
    """One member's layers above the first, up to its scores."""
    top, units, kind = len(net.layers) - 2, net.layers[0, OUTPUTS], S if len(net.layers) == 2 else H
    if team.number == 0 and net.members > 1:
        of_all, own_values = values(net, ALL, kind, 0), values(net, 0, kind, group)
        copy_lanes(net.shape, net.memory, of_all, p * units, own_values, 0, units, n)
    wait(team)
    ones = own(net, ONES, group, tile_lanes(net.shape))
    for layer in range(1, top + 1):
        below, s = values(net, layer - 1, H, group), values(net, layer, S, group)
        _multiplied(net, weights(net, layer, p, 0), below, s, n, ones, team)
        units_forward(net, layer, p, group, n, shares, running, r, start, update, team)
        wait(team)
    if team.number == 0:
        _copy_scores(net, S, group, n, True)


@part
def member_backward(
    net: Net, p: int, group: int, n: int, numbers: Any, r: Any, start: int, team: Team
) -> None:
    """Back from errors in place of its scores to the errors of the first layer, whose W waits."""
    top, width, units = len(net.layers) - 2, tile_lanes(net.shape), net.layers[0, OUTPUTS]
    ones = own(net, ONES, group, width)
    if team.number == 0:
        write_numbers(net, p, group, numbers)
        _copy_scores(net, G, group, n, False)
    wait(team)
    for layer in range(top, 0, -1):
        units_backward(net, layer, p, group, n, r, start, team)
        W, g, down = weights(net, layer, p, 0), values(net, layer, G, group), values(net, layer - 1, G, group)
        turned = Tiled(net.places[TURNED] + group * net.places[GROUP_EACH], W.lanes, down.lanes)
        transpose(net.shape, net.memory, W, turned, team.number * width, team.size * width)
        wait(team)
        _multiplied(net, turned, g, down, n, ones, team)
        _descended(net, layer, p, group, n, team)
        wait(team)
    if team.number == 0 and net.members > 1:
        of_all, own_values = values(net, ALL, G, 0), values(net, 0, G, group)
        copy_lanes(net.shape, net.memory, own_values, 0, of_all, p * units, units, n)
