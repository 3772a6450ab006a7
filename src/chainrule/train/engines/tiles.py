"""Products of few samples, with weights that lie ready: nothing is packed.

A library that multiplies two matrices first copies both into the order that its innermost loop reads. For a minibatch
of 100 samples that takes a third as long as the product. Here everything lies in that order from the start.

*Lanes* are the units of a layer, beside one another as a vector register holds them; *rows* are what there is of each:
an input's weights, or a sample's values. A *tile* is as many lanes as ``TileShape.widest`` vectors hold (the last tile
of a layer may have fewer, or half a vector), and the rows of a tile lie one after the other:

    W of 106 units, AVX-512:   tile 0: (inputs, 48)   tile 1: (inputs, 48)   tile 2: (inputs, 16), 10 of them in use

One :mod:`~chainrule.train.engines.innermost` loop then serves for everything. It forms ``TileShape.rows`` rows of a
tile of C at once, all of them in registers:

    C[j, lanes] = keep[lanes] C[j, lanes] + sum over k of b[j, k] a[k, lanes]

- a layer's scores: C = S (samples, lanes), a = W (inputs, lanes), b = the layer below (samples, inputs);
- its descent: C = W (inputs, lanes), a = the step dS (samples, lanes), b = the layer below, transposed, which is a
  matter of strides as b is read number by number.

So W, S and dS are each read and written in one and the same order, and a minibatch or the values of the layer below
serve as they are. How many rows and vectors fit is the processor's: with AVX-512 24 of 32 registers hold C.
"""

from __future__ import annotations

from typing import NamedTuple

from chainrule.arrays import Array
from chainrule.train.engines.innermost import TileShape, multiply, padded, tile_lanes
from chainrule.train.engines.parts import part
from chainrule.train.engines.views import flat, matrix


class Tiled(NamedTuple):
    """Where a layer's values lie in tiles.

    Attributes:
        at: where the first tile begins.
        rows: of every tile: inputs, or samples.
        lanes: units, with those that fill the last tile up; tile after tile.
    """

    at: int
    rows: int
    lanes: int


@part
def tile(shape: TileShape, memory: Array, tiled: Tiled, first: int) -> Array:
    """The tile that begins with lane ``first``, (rows, lanes)."""
    lanes = min(tile_lanes(shape), tiled.lanes - first)
    start = tiled.at + first * tiled.rows
    return matrix(memory[start:], tiled.rows, lanes)


@part
def clear(shape: TileShape, s: Array, n: int) -> None:
    """Zeros for ``n`` rows of a tile, and for those that are formed with them."""
    flat(s)[: padded(n, shape.rows) * s.shape[1]] = 0


@part
def add_scores(shape: TileShape, W: Array, below: Array, row: int, s: Array, n: int, ones: Array) -> None:
    """s += below W, for a tile.

    Args:
        W: (inputs, lanes).
        below: flat; a sample's inputs begin at every multiple of ``row``. Rows beyond ``n`` are read, and make rows of
            s that nobody reads.
        s: (samples, lanes).
        n: samples.
        ones: (lanes or more,).
    """
    for i in range(0, n, shape.rows):
        multiply(shape, W, below[i * row :], row, 1, s[i:], ones, len(W))


@part
def descend(shape: TileShape, step: Array, n: int, below: Array, row: int, W: Array, keep: Array) -> None:
    """W = keep W + below^T step, for a tile: ``step`` (samples, lanes), the rest as in :func:`add_scores`."""
    for d in range(0, len(W), shape.rows):
        multiply(shape, step, below[d:], 1, row, W[d:], keep, n)


@part
def exchange(shape: TileShape, W: Array, memory: Array, tiled: Tiled, into: bool) -> None:
    """W (units, inputs) into tiles, or out of them. What fills them up is 0 again: nets that diverge leave NaN."""
    if into:
        memory[tiled.at : tiled.at + tiled.rows * tiled.lanes] = 0
    for first in range(0, len(W), tile_lanes(shape)):
        out = tile(shape, memory, tiled, first)
        for start in range(0, W.shape[1], _STRIP):
            for k in range(min(out.shape[1], len(W) - first)):
                for d in range(start, min(start + _STRIP, W.shape[1])):
                    if into:
                        out[d, k] = W[first + k, d]
                    else:
                        W[first + k, d] = out[d, k]


@part
def transpose(shape: TileShape, memory: Array, tiled: Tiled, out: Tiled, begin: int, step: int) -> None:
    """Rows become lanes and lanes rows: of W (inputs, units) what takes errors down, (units, inputs), of this the tiles
    that ``begin`` with a lane and follow in steps of so many."""
    for first in range(0, tiled.lanes, tile_lanes(shape)):
        old = tile(shape, memory, tiled, first)
        for second in range(begin, out.lanes, step):
            new = tile(shape, memory, out, second)[first : first + old.shape[1]]
            rows = old[second : second + new.shape[1]]
            for k in range(len(new)):
                row = new[k]
                for d in range(len(rows)):
                    row[d] = rows[d, k]


@part
def copy_lanes(
    shape: TileShape, memory: Array, source: Tiled, start: int, target: Tiled, to: int, count: int, n: int
) -> None:
    """``n`` rows of ``count`` lanes of one layer, from ``start`` on, into another's from ``to`` on."""
    lanes, done = tile_lanes(shape), 0
    while done < count:
        k, j = (start + done) % lanes, (to + done) % lanes
        old = tile(shape, memory, source, start + done - k)
        new = tile(shape, memory, target, to + done - j)
        more = min(count - done, lanes - k, lanes - j)
        for i in range(n):
            row, out = old[i, k : k + more], new[i, j : j + more]
            for v in range(more):
                out[v] = row[v]
        done += more


_STRIP = 16
"""Inputs of W that are copied at a time, so that what is read with a stride is still at hand for the next."""
