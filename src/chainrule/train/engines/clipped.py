"""Gradients that are no longer than they may be, compiled: the formula of :mod:`chainrule.train.clipping`.

How long a member's gradient is can be told when all of it is there. So it is formed as a whole, in a word beside each
parameter, before anything moves: of the first layer, too, which else waits for the next minibatch. Most trainings do
without, so this is compiled and kept by itself, and called by its address.
"""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np

from chainrule.arrays import Array
from chainrule.machine.compiler import kept_kind
from chainrule.train.engines.calls import taken
from chainrule.train.engines.elementwise import CUT, PENALTY
from chainrule.train.engines.innermost import tile_lanes
from chainrule.train.engines.located import TuplePlace
from chainrule.train.engines.memory import (
    ALL,
    BETA,
    BIASES,
    GAMMA,
    INPUTS,
    LANES,
    OUTPUTS,
    ROWS,
    Net,
    parameters,
    weights,
)
from chainrule.train.engines.parts import called, part
from chainrule.train.engines.team import Team, alone, wait
from chainrule.train.engines.tiles import tile
from chainrule.train.engines.units import is_top
from chainrule.train.engines.updates import step_units, step_weights, write_numbers


@functools.cache
def cut_address(net: TuplePlace) -> int:
    """The address of :func:`clip_and_move` for nets of this type."""
    kind, signature = kept_kind(net.attribute("theta").dtype.name), taken("clip_and_move", net)
    return int(called(Path(__file__), "clip_and_move", kind, signature, apart=False)(clip_and_move).address)


def clip_and_move(net: Net, given: Array, team: Team) -> None:
    """Shorten every member's gradient, and take the step of all parameters.

    Args:
        net: whose gradients lie in their word.
        given: the step's numbers of every member, (P, numbers); what gradients are multiplied by is written there.
        team: shares out the members, and then the units of the first layer.
    """
    for p in range(team.number, net.members, team.size):
        given[p, CUT] = _share(net, p, given[p, PENALTY])
        write_numbers(net, p, team.number, given[p])
        for layer in range(1, len(net.layers) - 1):
            _move(net, layer, p, team.number, alone(team))
    wait(team)
    _move(net, ALL, 0, 0, team)
    wait(team)


@part
def _share(net: Net, p: int, penalty: float) -> float:
    """What a member's gradient is multiplied by."""
    longest, square = net.longest[p], 0.0
    for layer in range(len(net.layers) - 1):
        units = net.layers[layer, OUTPUTS]
        square += _square_of_weights(net, layer, p, penalty)
        if net.batch_norm and not is_top(net, layer):
            square += _square(parameters(net, layer, GAMMA, p * units, units, net.gradient))
            square += _square(parameters(net, layer, BETA, p * units, units, net.gradient))
        else:
            square += _square(parameters(net, layer, BIASES, p * units, units, net.gradient))
    length = np.sqrt(square)
    return longest / length if length > longest > 0 else 1.0


@part
def _square(gradient: Array) -> float:
    total = 0.0
    for v in range(len(gradient)):
        total += np.float64(gradient[v]) * np.float64(gradient[v])
    return total


@part
def _square_of_weights(net: Net, layer: int, p: int, penalty: float) -> float:
    """That of a member's weights of a layer, with the penalty's part."""
    shape, units, inputs = net.shape, net.layers[layer, OUTPUTS], net.layers[layer, INPUTS]
    row, member, lane = (ALL, 0, p * units) if layer == 0 else (layer, p, 0)
    W, gradient = weights(net, row, member, 0), weights(net, row, member, net.gradient)
    total, end = 0.0, lane + units
    while lane < end:
        at = lane % tile_lanes(shape)
        w, g = tile(shape, net.memory, W, lane - at), tile(shape, net.memory, gradient, lane - at)
        more = min(end - lane, w.shape[1] - at)
        for i in range(inputs):
            old, slope = w[i, at : at + more], g[i, at : at + more]
            for v in range(more):
                each = np.float64(slope[v]) + penalty * np.float64(old[v])
                total += each * each
        lane += more
    return total


@part
def _move(net: Net, layer: int, p: int, group: int, team: Team) -> None:
    """The step of a layer's parameters, a tile at a time."""
    width, units, rows = tile_lanes(net.shape), net.layers[layer, OUTPUTS], net.layers[layer, ROWS]
    for first in range(team.number * width, net.layers[layer, LANES], team.size * width):
        gradient = tile(net.shape, net.memory, weights(net, layer, p, net.gradient), first)
        step_weights(net, layer, p, group, first, 0, rows, gradient)
        start, count = p * units + first, min(width, units - first)
        if net.batch_norm and not is_top(net, layer):
            _move_units(net, layer, GAMMA, start, group, first, count)
            _move_units(net, layer, BETA, start, group, first, count)
        else:
            _move_units(net, layer, BIASES, start, group, first, count)


@part
def _move_units(net: Net, layer: int, kind: int, start: int, group: int, first: int, count: int) -> None:
    gradient = parameters(net, layer, kind, start, count, net.gradient)
    step_units(net, layer, kind, start, group, first, gradient)
