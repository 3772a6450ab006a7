"""The first layer of all members, compiled: minibatches are fetched, descended on and multiplied, block by block."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.train.engines.calls import call
from chainrule.train.engines.few import FEW, add_few_scores, descend_few, lay_apart
from chainrule.train.engines.innermost import tile_lanes
from chainrule.train.engines.lanes import Indices
from chainrule.train.engines.memory import (
    ALL,
    INPUTS_AT_ONCE,
    LINES,
    ONES,
    OUTPUTS,
    PARTS,
    PARTS_EACH,
    SAMPLES,
    X_EACH,
    X_ROW,
    G,
    Net,
    S,
    X,
    own,
    values,
    weights,
)
from chainrule.train.engines.parts import part
from chainrule.train.engines.team import Team, wait
from chainrule.train.engines.tiles import Tiled, add_scores, clear, descend, tile
from chainrule.train.engines.updates import kept
from chainrule.train.engines.views import flat, floats, matrix, prefetch

_LINE = 64
"""Bytes that come from memory at once."""


class Samples(NamedTuple):
    """Images (M, D) of a table, and what makes inputs of them: scale and shift (D,).

    Images of float32 are given as their bytes, (M, 4 D), and ``floats`` says so: one compilation serves both kinds.
    """

    images: NDArray[np.uint8]
    floats: bool
    scale: Array
    shift: Array


@part
def _fetch(samples: Samples, rows: Indices, x: Array, start: int, stop: int) -> None:
    """Inputs ``start`` to ``stop`` of a minibatch, images[rows] * scale + shift, into the first columns of x; 0 where
    there are no more."""
    scale, shift = samples.scale[start:stop], samples.shift[start:stop]
    count, size = len(scale), 4 if samples.floats else 1
    coming = range(size * stop, min(size * (2 * stop - start), samples.images.shape[1]), _LINE)
    for n in range(len(rows)):
        image, out = samples.images[rows[n]], x[n, : stop - start]
        # Rows lie anywhere in the table: what is wanted of them next would be waited for.
        for byte in coming:
            prefetch(image, byte)
        if samples.floats:
            numbers = floats(image)[start:]
            for d in range(count):
                out[d] = numbers[d] * scale[d] + shift[d]
        else:
            bytes_ = image[start:]
            for d in range(count):
                out[d] = bytes_[d] * scale[d] + shift[d]
        for d in range(count, stop - start):
            out[d] = 0


@part
def _block(net: Net, which: int, team: Team) -> Array:
    """A thread's room for a block of one of the two minibatches, (samples, inputs)."""
    each = net.places[X_EACH]
    both = own(net, X, team.number, 2 * each)
    return matrix(both[which * each :], net.places[SAMPLES], net.places[X_ROW])


@part
def first_layer(samples: Samples, rows: Indices, before: Indices, turn: int, net: Net, team: Team) -> None:
    """The first layer of all members: descend on the minibatch of the samples ``before``, go forward on that of
    ``rows``; either may have none.

    Every thread has its share of the inputs; the scores, here still without biases, are the sum of what they give. Of
    both minibatches there is no more than a block at a time, which stays in the cache: to fetch one again takes less
    time than to wait for its numbers from memory.
    """
    shape, memory, n = net.shape, net.memory, len(rows)
    W, s = weights(net, ALL, 0, 0), values(net, ALL, S, 0)
    old, new = _block(net, 1 - turn, team), _block(net, turn, team)
    into = s if team.size == 1 else _part(net, s, team.number)
    for first in range(0, into.lanes, tile_lanes(shape)):
        clear(shape, tile(shape, memory, into, first), n)
    groups = W.rows // shape.rows
    start = groups * team.number // team.size * shape.rows
    stop = groups * (team.number + 1) // team.size * shape.rows
    for at in range(start, stop, INPUTS_AT_ONCE):
        end = min(at + INPUTS_AT_ONCE, stop)
        # Where all inputs are one block, what was fetched for the last step is still there.
        if stop - start > INPUTS_AT_ONCE:
            _fetch(samples, before, old, at, end)
        _fetch(samples, rows, new, at, end)
        for first in range(0, W.lanes, tile_lanes(shape)):
            out = tile(shape, memory, into, first)
            if net.update == 0 and net.layers[ALL, OUTPUTS] - first <= FEW:
                _few_units(net, first, at, end, old, len(before), new, n, out, team.number)
            else:
                _whole_tile(net, first, at, end, old, len(before), new, n, out, team.number)
    wait(team)
    if team.size > 1:
        _add_parts(net, s, n, team)
        wait(team)


@part
def _whole_tile(
    net: Net,
    first: int,
    start: int,
    stop: int,
    old: Array,
    m: int,
    new: Array,
    n: int,
    out: Array,
    number: int,
) -> None:
    """A tile's weights of inputs ``start`` to ``stop``: a step by ``m`` samples of the one minibatch, and what they
    give for ``n`` of the other, added to ``out``."""
    shape, row = net.shape, new.shape[1]
    w = tile(shape, net.memory, weights(net, ALL, 0, 0), first)[start:stop]
    if m > 0:
        ds = tile(shape, net.memory, values(net, ALL, G, 0), first)
        if net.update == 0:
            descend(shape, ds, m, flat(old), row, w, kept(net, ALL, 0, first))
        else:
            given = (net, ALL, 0, 0, first, start, ds, m, flat(old), row, stop - start, number)
            call("move_weights", net.moves.weights, given)
    if n > 0:
        add_scores(shape, w, flat(new), row, out, n, own(net, ONES, 0, tile_lanes(shape)))


@part
def _few_units(
    net: Net,
    first: int,
    start: int,
    stop: int,
    old: Array,
    m: int,
    new: Array,
    n: int,
    out: Array,
    number: int,
) -> None:
    """The same where a tile has few units in use, by gradient descent."""
    shape, count = net.shape, stop - start
    w = tile(shape, net.memory, weights(net, ALL, 0, 0), first)[start:stop]
    lines = matrix(own(net, LINES, number, FEW * INPUTS_AT_ONCE), FEW, INPUTS_AT_ONCE)
    lay_apart(w, lines, False)
    if m > 0:
        ds = tile(shape, net.memory, values(net, ALL, G, 0), first)
        descend_few(ds, m, old, count, lines, kept(net, ALL, 0, first))
        lay_apart(w, lines, True)
    add_few_scores(lines, new, count, n, out)


@part
def _part(net: Net, s: Tiled, number: int) -> Tiled:
    """A thread's part of the scores of the first layer."""
    return Tiled(net.places[PARTS] + number * net.places[PARTS_EACH], s.rows, s.lanes)


@part
def _add_parts(net: Net, s: Tiled, n: int, team: Team) -> None:
    """A thread's share of the scores of ``n`` samples, as the sum of what all gave."""
    for first in range(0, s.lanes, tile_lanes(net.shape)):
        total = flat(tile(net.shape, net.memory, s, first)[:n])
        start, stop = total.size * team.number // team.size, total.size * (team.number + 1) // team.size
        for number in range(team.size):
            one = flat(tile(net.shape, net.memory, _part(net, s, number), first)[:n])
            for i in range(start, stop):
                total[i] = one[i] if number == 0 else total[i] + one[i]
