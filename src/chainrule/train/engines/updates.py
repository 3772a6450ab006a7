"""What a step does to weights in tiles, and to biases and batch norm's parameters, compiled.

Where the optimizer is gradient descent, a share of the weights is kept and the step is added to it, number by number in
registers. Where it keeps state, the gradient of a block of weights is formed in a room that stays in the cache, and the
optimizer's loop moves block and state before the next one comes: the gradient of all weights is never formed.
Where gradients are cut it is: see :mod:`chainrule.train.engines.clipped`. What leads to that loop is compiled by itself
and called by its address, as gradient descent does without.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import NamedTuple

from chainrule.arrays import Array
from chainrule.machine.compiler import kept_kind
from chainrule.train.engines.calls import call, taken
from chainrule.train.engines.elementwise import KEPT
from chainrule.train.engines.innermost import tile_lanes
from chainrule.train.engines.located import TuplePlace
from chainrule.train.engines.memory import (
    ALL,
    GRADIENT,
    LANES,
    NUMBERS,
    ONES,
    OUTPUTS,
    TILE_NUMBERS,
    Net,
    own,
    parameters,
    weights,
)
from chainrule.train.engines.parts import called, part
from chainrule.train.engines.tiles import Tiled, descend, tile
from chainrule.train.engines.views import matrix


@part
def numbers(net: Net, layer: int, group: int, first: int) -> Array:
    """A step's numbers for the lanes of a tile, (numbers, lanes)."""
    if layer == ALL:
        of_all = Tiled(net.places[NUMBERS], net.numbers, net.layers[ALL, LANES])
        return tile(net.shape, net.memory, of_all, first)
    width = tile_lanes(net.shape)
    return matrix(own(net, TILE_NUMBERS, group, net.numbers * width), net.numbers, width)


@part
def write_numbers(net: Net, p: int, group: int, given: Array) -> None:
    """A member's numbers of a step (numbers,), for its lanes of the first layer and for its other layers."""
    units = net.layers[0, OUTPUTS]
    width = tile_lanes(net.shape)
    lane, end = p * units, (p + 1) * units
    while lane < end:
        at = lane % width
        of_tile = numbers(net, ALL, 0, lane - at)
        more = min(end - lane, of_tile.shape[1] - at)
        for k in range(len(given)):
            of_tile[k, at : at + more] = given[k]
        lane += more
    of_layers = numbers(net, 0, group, 0)
    for k in range(len(given)):
        of_layers[k] = given[k]


@part
def kept(net: Net, layer: int, group: int, first: int) -> Array:
    """What gradient descent keeps of the weights of a tile, its only numbers, (lanes,)."""
    return numbers(net, layer, group, first)[0]


@part
def _word(net: Net, number: int) -> int:
    """Where the optimizer's first or second word lies; the parameter's own place where it keeps none."""
    return number if net.states >= number else 0


@part
def _mean(net: Net) -> int:
    return 1 + net.states if net.averaged else 0


class MoveAddresses(NamedTuple):
    """Of :func:`move_weights` and :func:`move_units`."""

    weights: int
    units: int


@functools.cache
def move_addresses(net: TuplePlace) -> MoveAddresses:
    """For nets of this type."""
    kind = kept_kind(net.attribute("theta").dtype.name)
    made = [
        called(Path(__file__), name, kind, taken(name, net), apart=False)(function)
        for name, function in (("move_weights", move_weights), ("move_units", move_units))
    ]
    return MoveAddresses(*(int(one.address) for one in made))


def move_weights(
    net: Net, layer: int, p: int, group: int, first: int, start: int, step: Array, n: int, below: Array, row: int,
    count: int, thread: int,
) -> None:  # fmt: skip
    """A step of a block of weights by an optimizer's loop: of ``count`` inputs from ``start`` on, to the units of the
    tile ``first``. Where gradients are cut, theirs is formed alone.

    Args:
        net, layer, p, group: which weights, and the threads that have the member in hand.
        first, start, count: which block.
        step: of the tile, (samples, lanes).
        n: samples.
        below: flat; what a sample has of these inputs begins at every multiple of ``row``.
        row: see there.
        thread: whose room is used.
    """
    lanes, stop = step.shape[1], start + count
    gradient = matrix(own(net, GRADIENT, thread, count * lanes), count, lanes)
    if net.gradient > 0:
        gradient = tile(net.shape, net.memory, weights(net, layer, p, net.gradient), first)[start:stop]
    gradient[:] = 0
    descend(net.shape, step, n, below, row, gradient, own(net, ONES, thread, lanes))
    if net.gradient == 0:
        step_weights(net, layer, p, group, first, start, stop, gradient)


@part
def step_weights(
    net: Net, layer: int, p: int, group: int, first: int, start: int, stop: int, gradient: Array
) -> None:
    """The optimizer's loop on weights of the tile ``first``, of inputs ``start`` to ``stop``, by their gradient."""
    shape, memory = net.shape, net.memory
    W = tile(shape, memory, weights(net, layer, p, 0), first)
    a = tile(shape, memory, weights(net, layer, p, _word(net, 1)), first)
    b = tile(shape, memory, weights(net, layer, p, _word(net, 2)), first)
    mean = tile(shape, memory, weights(net, layer, p, _mean(net)), first)
    call(
        "update",
        net.update,
        (
            W[start:stop],
            gradient,
            a[start:stop],
            b[start:stop],
            mean[start:stop],
            numbers(net, layer, group, first),
            True,
            W.shape[1],
        ),
    )


def move_units(net: Net, layer: int, kind: int, start: int, group: int, first: int, gradient: Array) -> None:
    """A step of biases, or what else ``kind`` names, of units from ``start`` on, by their gradient (units,). Where
    gradients are cut, it is put aside."""
    if net.gradient > 0:
        aside = parameters(net, layer, kind, start, len(gradient), net.gradient)
        for v in range(len(gradient)):
            aside[v] = gradient[v]
    else:
        step_units(net, layer, kind, start, group, first, gradient)


@part
def step_units(net: Net, layer: int, kind: int, start: int, group: int, first: int, gradient: Array) -> None:
    """The optimizer's loop on biases, or what else ``kind`` names, of units from ``start`` on."""
    count = len(gradient)
    one, a, b, mean = (
        parameters(net, layer, kind, start, count, 0),
        parameters(net, layer, kind, start, count, _word(net, 1)),
        parameters(net, layer, kind, start, count, _word(net, 2)),
        parameters(net, layer, kind, start, count, _mean(net)),
    )
    given = (matrix(one, 1, count), matrix(gradient, 1, count), matrix(a, 1, count), matrix(b, 1, count))
    call(
        "update",
        net.update,
        (*given, matrix(mean, 1, count), numbers(net, layer, group, first), False, count),
    )


@part
def average(net: Net, layer: int, kind: int, start: int, group: int, first: int, count: int) -> None:
    """The mean of what ``kind`` names, which no gradient moves, as the optimizer's loop takes that of the others."""
    now = parameters(net, layer, kind, start, count, 0)
    mean, kept = (
        parameters(net, layer, kind, start, count, _mean(net)),
        numbers(net, layer, group, first)[KEPT],
    )
    for v in range(count):
        mean[v] = kept[v] * mean[v] + (now.dtype.type(1) - kept[v]) * now[v]
