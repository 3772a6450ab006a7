"""Batch norm of a tile, compiled: of all members whose lanes are in it. Nets without it do without this, so it is
compiled and kept by itself, and called by its address."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, NamedTuple

from chainrule.arrays import Array
from chainrule.machine.compiler import kept_kind
from chainrule.train.engines import lanes
from chainrule.train.engines.calls import call, taken
from chainrule.train.engines.innermost import tile_lanes
from chainrule.train.engines.located import TuplePlace
from chainrule.train.engines.memory import (
    ALL,
    BETA,
    GAMMA,
    GROUP_EACH,
    MEAN,
    OUTPUTS,
    SIGMA,
    SUMS,
    VARIANCE,
    G,
    H,
    Net,
    S,
    members_lanes,
    own,
    parameters,
    values,
)
from chainrule.train.engines.parts import called, part
from chainrule.train.engines.tiles import tile
from chainrule.train.engines.updates import average


class NormAddresses(NamedTuple):
    """Of the way forward and the way back."""

    forward: int
    backward: int


@functools.cache
def norm_addresses(net: TuplePlace, weights: str | None) -> NormAddresses:
    """For nets of this type, and weights of samples that are such numbers, or None."""
    kind, row = kept_kind(net.attribute("theta").dtype.name, weights), lanes.row_of(weights)
    made = [
        called(Path(__file__), name, kind, taken(name, net), apart=False)(function)
        for name, function in (("norm_forward", _forward(row)), ("norm_backward", _backward(row)))
    ]
    return NormAddresses(*(int(one.address) for one in made))


def _forward(row: Any) -> Any:
    def norm_forward(
        net: Net, layer: int, p: int, group: int, first: int, n: int, shares: Array, running: bool, r: Any, start: int,
        thread: int,
    ) -> None:  # fmt: skip
        """Of the tile ``first`` of a layer, from S into H; the rest as
        :func:`~chainrule.train.engines.units.units_forward` has it."""
        s = tile(net.shape, net.memory, values(net, layer, S, group), first)
        h = tile(net.shape, net.memory, values(net, layer, H, group), first)
        count, at = min(s.shape[1], net.layers[layer, OUTPUTS] - first), 0
        sums = own(net, SUMS, thread, 5 * tile_lanes(net.shape))
        while at < count:
            member, more = members_lanes(net, layer, p, first + at, count - at)
            mine = row(r, member, start, start + n)
            unit = p * net.layers[layer, OUTPUTS] + first + at
            gamma, beta = (
                parameters(net, layer, GAMMA, unit, more, 0),
                parameters(net, layer, BETA, unit, more, 0),
            )
            means = parameters(net, layer, MEAN, unit, more, 0)
            variances = parameters(net, layer, VARIANCE, unit, more, 0)
            if running:
                lanes.normalize(s, n, at, h, gamma, beta, net.eps, means, variances, sums)
            else:
                inverse_sigma = _inverse_sigma(net, layer, group, first + at, more)
                lanes.batchnorm_forward(s, n, at, h, gamma, beta, net.eps, mine, sums, inverse_sigma)
                lanes.keep_running(means, sums, shares[member])
                lanes.keep_running(variances, sums[more:], shares[member])
            at += more

    return norm_forward


def _backward(row: Any) -> Any:
    def norm_backward(
        net: Net, layer: int, p: int, group: int, first: int, n: int, r: Any, start: int, thread: int
    ) -> None:
        """The way back: errors in place, and the step of gamma and beta."""
        shape, units, width = net.shape, net.layers[layer, OUTPUTS], tile_lanes(net.shape)
        step = tile(shape, net.memory, values(net, layer, G, group), first)
        s = tile(shape, net.memory, values(net, layer, S, group), first)
        count, at = min(step.shape[1], units - first), 0
        stateful, start_unit = net.update != 0, p * units + first
        sums = own(net, SUMS, thread, 5 * width)
        slopes = sums[3 * width :]
        slopes[:] = 0
        while at < count:
            member, more = members_lanes(net, layer, p, first + at, count - at)
            unit, inverse_sigma = start_unit + at, _inverse_sigma(net, layer, group, first + at, more)
            gamma = parameters(net, layer, GAMMA, unit, more, 0)
            beta = parameters(net, layer, BETA, unit, more, 0)
            to_gamma, to_beta = slopes[at : at + more], slopes[width + at : width + at + more]
            mine = row(r, member, start, start + n)
            lanes.batchnorm_backward(
                step, n, at, s, gamma, to_gamma if stateful else gamma, to_beta if stateful else beta, inverse_sigma,
                mine, sums,
            )  # fmt: skip
            at += more
        if stateful:
            call("move_units", net.moves.units, (net, layer, GAMMA, start_unit, group, first, slopes[:count]))
            call(
                "move_units",
                net.moves.units,
                (net, layer, BETA, start_unit, group, first, slopes[width : width + count]),
            )
            if net.averaged:
                average(net, layer, MEAN, start_unit, group, first, count)
                average(net, layer, VARIANCE, start_unit, group, first, count)

    return norm_backward


@part
def _inverse_sigma(net: Net, layer: int, group: int, lane: int, count: int) -> Array:
    at = net.layers[layer, SIGMA] + lane + (0 if layer == ALL else group * net.places[GROUP_EACH])
    return net.memory[at : at + count]
