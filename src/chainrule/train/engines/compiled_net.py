"""A population's descent and its evaluation, compiled: the layers of :mod:`chainrule.nn` on values in tiles.

The first layer, whose products are most of the work, is one layer of all members' units, as all see the same inputs.
A block of its weights is updated and at once multiplied with the next minibatch, so that weights are read and written
once a step:

    for each block of inputs:                 # they stay in the cache
        for each tile of units:
            W = keep W + x^T dS               # of the minibatch that was
            S += x W                          # of the one that comes

Above it members go one by one, layer by layer forward and back. Threads share out the inputs of the first layer, and
above it the members; where there are fewer members than threads, the units of every layer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.train.engines import lanes
from chainrule.train.engines.counted import leave_out
from chainrule.train.engines.elementwise import activate
from chainrule.train.engines.memory import (
    ALL,
    BETA,
    BIASES,
    GAMMA,
    GROUP_EACH,
    INPUTS,
    KEEP,
    MEAN,
    ONES,
    OUTPUTS,
    PARTS,
    PARTS_EACH,
    SAMPLES,
    SCORES,
    SIGMA,
    SUMS,
    TILE_KEEP,
    TURNED,
    VARIANCE,
    WEIGHTS,
    X_EACH,
    X_ROW,
    F,
    G,
    H,
    Net,
    S,
    X,
    own,
    parameters,
    values,
    weights,
)
from chainrule.train.engines.parts import entry, part
from chainrule.train.engines.team import Team, alone, wait
from chainrule.train.engines.tiles import (
    Tiled,
    add_scores,
    copy_lanes,
    descend,
    exchange,
    tile,
    tile_lanes,
    transpose,
)

_INPUTS_AT_ONCE = 384
"""Inputs whose weights are updated and used before the next ones: the minibatch's and a tile's fit the cache."""


class Samples(NamedTuple):
    """Images (M, D) and labels (M,) of a table that holds a split, and what makes inputs of images: scale and shift
    (D,).

    Images of float32 are given as their bytes, (M, 4 D), and ``floats`` says so: one compilation serves both kinds.
    Labels that are numbers, in float64, are given as their bits likewise. Weights are those of the split's samples,
    (P, N) or (1, N) in float64; None is compiled by itself, to what there would be without any.
    """

    images: NDArray[np.uint8]
    floats: bool
    labels: lanes.Indices
    scale: Array
    shift: Array
    weights: NDArray[np.float64] | None


@entry(Path(__file__))
def exchange_weights(net: Net, into: bool) -> None:
    """All weights into tiles, from where they lie among all parameters, or back."""
    for layer in range(len(net.layers) - 1):
        inputs, units, at = (
            net.layers[layer, INPUTS],
            net.layers[layer, OUTPUTS],
            net.layers[layer, WEIGHTS],
        )
        if layer == 0:
            W = net.theta[at : at + net.members * units * inputs].reshape((net.members * units, inputs))
            exchange(net.shape, W, net.memory, weights(net, ALL, 0), into)
            continue
        for p in range(net.members):
            W = net.theta[at + p * units * inputs : at + (p + 1) * units * inputs].reshape((units, inputs))
            exchange(net.shape, W, net.memory, weights(net, layer, p), into)


@part
def _fetch(samples: Samples, rows: lanes.Indices, x: Array, start: int, stop: int) -> None:
    """Inputs ``start`` to ``stop`` of a minibatch: images[rows] * scale + shift, into x."""
    scale, shift = samples.scale[start:stop], samples.shift[start:stop]
    for n in range(len(rows)):
        image, out = samples.images[rows[n]], x[n, start:stop]
        if samples.floats:
            floats = image.view(np.float32)[start:stop]
            for d in range(len(out)):
                out[d] = floats[d] * scale[d] + shift[d]
        else:
            bytes_ = image[start:stop]
            for d in range(len(out)):
                out[d] = bytes_[d] * scale[d] + shift[d]


@part
def _inputs(net: Net, which: int) -> Array:
    """One of the two minibatches, (samples, inputs)."""
    row, at = net.places[X_ROW], net.places[X] + which * net.places[X_EACH]
    return net.memory[at : at + net.places[X_EACH]].reshape((net.places[SAMPLES], row))


@part
def _first_layer(samples: Samples, rows: lanes.Indices, before: int, turn: int, net: Net, team: Team) -> None:
    """The first layer of all members: descend on one minibatch, go forward on the next.

    The one had ``before`` samples, the next has ``rows``; either may have none. Every thread has its share of the
    inputs; the scores, here still without biases, are the sum of what they give.
    """
    shape, memory, n = net.shape, net.memory, len(rows)
    W, s, step = weights(net, ALL, 0), values(net, ALL, S, 0), values(net, ALL, G, 0)
    old, new = _inputs(net, 1 - turn), _inputs(net, turn)
    ones = own(net, ONES, 0, tile_lanes(shape))
    keep, row = memory[net.places[KEEP] : net.places[KEEP] + W.lanes], new.shape[1]
    into = s if team.size == 1 else _part(net, s, team.number)
    memory[into.at : into.at + into.rows * into.lanes] = 0
    groups = W.rows // shape.rows
    start = groups * team.number // team.size * shape.rows
    stop = groups * (team.number + 1) // team.size * shape.rows
    for at in range(start, stop, _INPUTS_AT_ONCE):
        end = min(at + _INPUTS_AT_ONCE, stop)
        if n > 0:
            _fetch(samples, rows, new, at, min(end, net.layers[0, INPUTS]))
        for first in range(0, W.lanes, tile_lanes(shape)):
            w = tile(shape, memory, W, first)[at:end]
            if before > 0:
                ds = tile(shape, memory, step, first)
                descend(shape, ds, before, old.reshape(old.size)[at:], row, w, keep[first:])
            if n > 0:
                out = tile(shape, memory, into, first)
                add_scores(shape, w, new.reshape(new.size)[at:], row, out, n, ones)
    wait(team)
    if team.size > 1:
        _add_parts(net, s, team)
        wait(team)


@part
def _part(net: Net, s: Tiled, number: int) -> Tiled:
    """A thread's part of the scores of the first layer."""
    return Tiled(net.places[PARTS] + number * net.places[PARTS_EACH], s.rows, s.lanes)


@part
def _add_parts(net: Net, s: Tiled, team: Team) -> None:
    """A thread's share of the scores, as the sum of what all gave."""
    size = s.rows * s.lanes
    for i in range(size * team.number // team.size, size * (team.number + 1) // team.size):
        total = net.memory[_part(net, s, 0).at + i]
        for number in range(1, team.size):
            total += net.memory[_part(net, s, number).at + i]
        net.memory[s.at + i] = total


@part
def _multiplied(net: Net, W: Tiled, below: Tiled, s: Tiled, n: int, ones: Array, team: Team) -> None:
    """s = below W, all in tiles."""
    shape, memory = net.shape, net.memory
    width = tile_lanes(shape)
    for first in range(team.number * width, s.lanes, team.size * width):
        w, out = tile(shape, memory, W, first), tile(shape, memory, s, first)
        out[:] = 0
        for second in range(0, below.lanes, width):
            x = tile(shape, memory, below, second)
            add_scores(shape, w[second : second + x.shape[1]], x.reshape(x.size), x.shape[1], out, n, ones)


@part
def _descended(net: Net, W: Tiled, below: Tiled, step: Tiled, n: int, keep: Array, team: Team) -> None:
    """W = keep W + below^T step, all in tiles."""
    shape, memory = net.shape, net.memory
    width = tile_lanes(shape)
    for first in range(team.number * width, W.lanes, team.size * width):
        w, ds = tile(shape, memory, W, first), tile(shape, memory, step, first)
        for second in range(0, below.lanes, width):
            x = tile(shape, memory, below, second)
            descend(shape, ds, n, x.reshape(x.size), x.shape[1], w[second : second + x.shape[1]], keep)


@part
def _is_top(net: Net, layer: int) -> bool:
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
def _units_forward(
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
    shape, memory, top, units = net.shape, net.memory, _is_top(net, layer), net.layers[layer, OUTPUTS]
    s_at, h_at = values(net, layer, S, group), values(net, layer, H, group)
    width = tile_lanes(shape)
    for first in range(team.number * width, s_at.lanes, team.size * width):
        s, h = tile(shape, memory, s_at, first), tile(shape, memory, h_at, first)
        count, at = min(s.shape[1], units - first), 0
        lanes.add_bias(s, n, parameters(net, layer, BIASES, p * units + first, count))
        while net.batch_norm and not top and at < count:
            member, more = _members_lanes(net, layer, p, first + at, count - at)
            mine = lanes.row(r, member, start, start + n)
            unit, sums = p * units + first + at, own(net, SUMS, team.thread, 3 * width)
            _batch_norm_forward(
                net, layer, group, s, n, at, h, unit, first + at, more, shares[member], running, mine, sums
            )  # fmt: skip
            at += more
        if not top and net.multiplied:
            if not net.batch_norm:
                lanes.copy(s, n, count, h)
            slopes = tile(shape, memory, values(net, layer, F, group), first)
            activate(net.activation, h, n, count, slopes)
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
    gamma, beta = parameters(net, layer, GAMMA, unit, count), parameters(net, layer, BETA, unit, count)
    means = parameters(net, layer, MEAN, unit, count)
    variances = parameters(net, layer, VARIANCE, unit, count)
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
def _units_backward(net: Net, layer: int, p: int, group: int, n: int, r: Any, start: int, team: Team) -> None:
    """The way back of :func:`_units_forward`: errors go down in place, and all parameters but W take their step."""
    shape, memory, top, units = net.shape, net.memory, _is_top(net, layer), net.layers[layer, OUTPUTS]
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
        while net.batch_norm and not top and at < count:
            member, more = _members_lanes(net, layer, p, first + at, count - at)
            unit, inverse_sigma = p * units + first + at, _inverse_sigma(net, layer, group, first + at, more)
            gamma = parameters(net, layer, GAMMA, unit, more)
            beta = parameters(net, layer, BETA, unit, more)
            mine, sums = lanes.row(r, member, start, start + n), own(net, SUMS, team.thread, 3 * width)
            lanes.batchnorm_backward(step, n, at, s, gamma, beta, inverse_sigma, mine, sums)
            at += more
        lanes.descend_bias(step, n, parameters(net, layer, BIASES, p * units + first, count))


@part
def _scores(net: Net, group: int) -> Array:
    """One member's, (samples, classes)."""
    samples, classes = net.places[SAMPLES], net.layers[-2, OUTPUTS]
    return own(net, SCORES, group, samples * classes).reshape((samples, classes))


@part
def _copy_scores(net: Net, kind: int, group: int, n: int, out: bool) -> None:
    """A member's scores out of the last layer's tiles, or errors back."""
    scores, tiled = _scores(net, group), values(net, len(net.layers) - 2, kind, group)
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
def _member_forward(
    net: Net, p: int, group: int, n: int, shares: Array, running: bool, r: Any, start: int, update: int, team: Team
) -> None:  # fmt: skip
    """One member's layers above the first, up to its scores."""
    top, units, kind = len(net.layers) - 2, net.layers[0, OUTPUTS], S if len(net.layers) == 2 else H
    if team.number == 0:
        of_all, own_values = values(net, ALL, kind, 0), values(net, 0, kind, group)
        copy_lanes(net.shape, net.memory, of_all, p * units, own_values, 0, units, n)
    wait(team)
    ones = own(net, ONES, group, tile_lanes(net.shape))
    for layer in range(1, top + 1):
        below, s = values(net, layer - 1, H, group), values(net, layer, S, group)
        _multiplied(net, weights(net, layer, p), below, s, n, ones, team)
        _units_forward(net, layer, p, group, n, shares, running, r, start, update, team)
        wait(team)
    if team.number == 0:
        _copy_scores(net, S, group, n, True)


@part
def _member_backward(net: Net, p: int, group: int, n: int, kept: Any, r: Any, start: int, team: Team) -> None:
    """Back from errors in place of its scores to the errors of the first layer, whose W waits."""
    top, width, units = len(net.layers) - 2, tile_lanes(net.shape), net.layers[0, OUTPUTS]
    ones, keep = own(net, ONES, group, width), own(net, TILE_KEEP, group, width)
    if team.number == 0:
        keep[:] = kept
        _copy_scores(net, G, group, n, False)
    wait(team)
    for layer in range(top, 0, -1):
        _units_backward(net, layer, p, group, n, r, start, team)
        W, g, down = weights(net, layer, p), values(net, layer, G, group), values(net, layer - 1, G, group)
        turned = Tiled(net.places[TURNED] + group * net.places[GROUP_EACH], W.lanes, down.lanes)
        if team.number == 0:
            transpose(net.shape, net.memory, W, turned)
        wait(team)
        _multiplied(net, turned, g, down, n, ones, team)
        _descended(net, W, values(net, layer - 1, H, group), g, n, keep, team)
        wait(team)
    if team.number == 0:
        of_all, own_values = values(net, ALL, G, 0), values(net, 0, G, group)
        copy_lanes(net.shape, net.memory, own_values, 0, of_all, p * units, units, n)


@entry(Path(__file__))
def steps(
    samples: Samples, order: lanes.Indices, size: int, net: Net, descending: bool, rates: Array, keeps: Array,
    shares: Array, r: Any, first: int, losses: Array, right: Array, team: Team,
) -> int:  # fmt: skip
    """Take minibatch after minibatch, forward and back or forward alone: what one thread of a team does.

    Going back ends with a minibatch in which a member's losses are not finite.

    Args:
        samples: of a split.
        order: indices of those wanted, minibatch after minibatch.
        size: of a minibatch; the last one may be smaller.
        net: changed, but for its weights, which are taken from tiles and change there.
        descending: forward and back; else forward alone, with batch norm by running values.
        rates, keeps: for every step -rate and 1 - 2 rate l2, (steps, P).
        shares: of the old running values that every step keeps, (steps, P).
        r: weights of the samples of ``order``, (P, M) or (1, M), where there is a way back over their minibatch's mean;
            or None.
        first: which update the first is, from 0 on.
        losses: (steps, P), written: sums of every minibatch by weight.
        right: (steps, P), written where there is no way back: what samples weigh whose label has the highest score.
        team: its number is that of parts of the first layer, whose sums they round.

    Returns:
        Steps taken.
    """
    together = net.members < team.size
    inside, group = team if together else alone(team), 0 if together else team.number
    classes, units, before, taken = net.layers[-2, OUTPUTS], net.layers[0, OUTPUTS], 0, 0
    scores, y, keep = _scores(net, group), np.empty(size, np.int64), net.memory[net.places[KEEP] :]
    while taken < len(losses):
        start = taken * size
        rows, running = order[start : start + size], not descending
        n, share = len(rows), shares[taken if descending else 0]
        _first_layer(samples, rows, before, taken % 2, net, team)
        for i in range(n):
            y[i] = samples.labels[rows[i]]
        _units_forward(net, ALL, 0, 0, n, share, running, r, start, first + taken, team)
        wait(team)
        for p in range(0 if together else team.number, net.members, 1 if together else team.size):
            _member_forward(net, p, group, n, share, running, r, start, first + taken, inside)
            if inside.number == 0:
                mine = lanes.row(r, p, start, start + n)
                if not descending:
                    right[taken, p] = lanes.highest(scores, n, classes, y, mine)
                losses[taken, p] = lanes.loss_forward(scores, n, classes, y, net.loss, mine)
                if descending:
                    factor = rates[taken, p] / net.theta.dtype.type(n)
                    lanes.loss_backward(scores, n, classes, y, net.loss, factor, net.smoothed[p], mine)
                    keep[p * units : (p + 1) * units] = keeps[taken, p]
            if descending:
                _member_backward(net, p, group, n, keeps[taken, p], r, start, inside)
        wait(team)
        taken += 1
        if descending:
            _units_backward(net, ALL, 0, 0, n, r, start, team)
            wait(team)
            before = n
            if not lanes.all_finite(losses[taken - 1]):
                break
    if descending:
        _first_layer(samples, order[:0], before, taken % 2, net, team)
    return taken
