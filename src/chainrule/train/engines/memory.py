"""Where everything lies that a training's steps work on: one array, and a table of places in it.

Compiled code reads the table. A thread's functions then take few arguments, which is most of what makes them quick to
compile.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.train.engines.few import FEW
from chainrule.train.engines.innermost import TileShape, layer_lanes, padded, tile_lanes
from chainrule.train.engines.parts import part
from chainrule.train.engines.tiles import Tiled

Places = NDArray[np.int64]

(
    INPUTS,
    OUTPUTS,
    WEIGHTS,
    BIASES,
    GAMMA,
    BETA,
    MEAN,
    VARIANCE,
    LANES,
    TILES,
    EACH,
    APART,
    ROWS,
    S,
    H,
    G,
    F,
    SIGMA,
) = range(18)
"""Columns of a layer: its widths; where its parameters begin in ``theta``; its lanes; where its weights' tiles begin in
``memory``, how far each member's are from the last one's, how far each word that is kept beside them is from the one
before, and their rows; and where its values lie: scores (centred ones where there is batch norm), what goes up, the
errors that come down, what these are multiplied by on the way, batch norm's 1 / sigma."""

ALL = -1
"""The row behind the last layer's: the first layer of all members together."""

(
    SAMPLES, X, X_ROW, X_EACH, PARTS, PARTS_EACH, NUMBERS, GROUP_EACH, SCORES, TURNED, ONES, TILE_NUMBERS, SUMS,
    GRADIENT, LINES,
) = range(15)  # fmt: skip
"""Other places: samples that there is room for; inputs of a block of two minibatches, how far samples and blocks are
apart; scores of the first layer from every thread's part of the inputs; a step's numbers for each of its lanes; how far
apart what each group of threads has of its own is; and of that, beside those blocks and the layers' values, one
member's scores, a layer's weights with inputs for units, and for a tile ones, a step's numbers, five sums, the
gradient of weights, and those of few units, one behind the other."""

INPUTS_AT_ONCE = 384
"""Inputs whose weights are updated and used before the next ones: the minibatch's and a tile's fit the cache."""


class Net(NamedTuple):
    """P nets, and what their steps work on.

    Attributes:
        members: P.
        batch_norm: in front of every activation, or nowhere.
        loss: its address, by :func:`chainrule.train.engines.losses.loss_address`.
        norm: the addresses of batch norm, by :func:`chainrule.train.engines.normed.norm_addresses`.
        drop: that of dropout, by :func:`chainrule.train.engines.dropped.drop_address`.
        moves: those of what leads to the optimizer's loop, by
            :func:`chainrule.train.engines.updates.move_addresses`.
        several: whether samples may have several labels.
        activation: the address of its loop, by :func:`chainrule.train.engines.elementwise.activation`.
        multiplied: whether errors are multiplied on their way down by what going up has left; of ReLU alone h tells
            which are not 0, and no more is kept.
        update: the address of the optimizer's loop, by :func:`chainrule.train.engines.elementwise.update`; 0 where
            weights keep a share of themselves and the step is added to that.
        states: words that the optimizer keeps beside each parameter.
        averaged: whether the mean of each parameter is kept, too, as the word behind those.
        gradient: the word that whole gradients are formed in, where they are cut; 0 where they are not.
        cut: the address of what cuts them, by :func:`chainrule.train.engines.clipped.cut_address`.
        longest: what gradients are cut to, (P,); 0 where one may have any length.
        numbers: of a step, for each member.
        eps: added to batch norm's variances.
        shape: of a tile on this processor.
        layers: (L + 1, 18), a row a layer, and :data:`ALL`.
        places: (15,).
        smoothed: the share of every member's labels that is smoothed, (P,).
        drops: whether hidden units are left out in training.
        least, scale, keys: what that needs of every member, (P,) uint64, (P,) and (P, 2) uint64.
        words: room for four uint64 of every thread, (threads, 4).
        labels: and for a minibatch's labels, (threads, samples * words).
        size: how many parameters all members have.
        theta: all of them, then in the same order every word that is kept beside them, (words * size,).
        memory: the rest. What fills lanes up is 0 in it and stays so.
    """

    members: int
    batch_norm: bool
    loss: int
    norm: Any
    drop: int
    moves: Any
    several: bool
    activation: int
    multiplied: bool
    update: int
    states: int
    averaged: bool
    gradient: int
    cut: int
    longest: NDArray[np.float64]
    numbers: int
    eps: float
    shape: TileShape
    layers: Places
    places: Places
    smoothed: Array
    drops: bool
    least: NDArray[np.uint64]
    scale: Array
    keys: NDArray[np.uint64]
    words: NDArray[np.uint64]
    labels: NDArray[np.int64]
    size: int
    theta: Array
    memory: Array


def lay_out(
    layers: Places,
    members: int,
    shape: TileShape,
    dtype: np.dtype[np.floating],
    size: int,
    threads: int,
    multiplied: bool,
    words: int = 1,
    numbers: int = 1,
) -> tuple[Places, Places, Array]:
    """The table of layers whose first eight columns are known, other places, and the memory.

    Args:
        layers: (L, 8).
        members: P.
        shape: of a tile.
        dtype: of all numbers.
        size: samples that there is to be room for.
        threads: that work together.
        multiplied, numbers: as :class:`Net` has them.
        words: of each parameter, itself and those that are kept beside it.
    """
    samples, lanes = padded(size, shape.rows), tile_lanes(shape)
    table = np.zeros((len(layers) + 1, 18), np.int64)
    table[:-1, : layers.shape[1]] = layers
    table[ALL] = table[0]
    table[ALL, OUTPUTS] *= members
    table[:, LANES] = [layer_lanes(shape, int(units)) for units in table[:, OUTPUTS]]
    table[1:, ROWS] = table[:-1, LANES]
    table[ALL, ROWS] = padded(int(table[0, INPUTS]), shape.rows)
    room, places = _Room(64 // dtype.itemsize), np.zeros(15, np.int64)
    for row, nets in ((table[ALL], 1), *((row, members) for row in table[1:-1])):
        row[EACH] = row[LANES] * row[ROWS]
        row[APART] = padded(int(nets * row[EACH]), room.line)
        row[TILES] = room.take(words * row[APART])
    _take_values(room, table[ALL], samples, multiplied)
    # An odd number of cache lines a sample: an even one puts many samples on the same few places of the cache.
    lines = padded(min(int(table[0, INPUTS]), INPUTS_AT_ONCE), room.line) // room.line
    places[SAMPLES], places[X_ROW] = samples, (lines + 1 - lines % 2) * room.line
    places[X_EACH] = samples * places[X_ROW]
    places[PARTS_EACH] = samples * table[ALL, LANES] if threads > 1 else 0
    places[PARTS] = room.take(threads * places[PARTS_EACH])
    places[NUMBERS] = room.take(numbers * table[ALL, LANES])
    start = room.taken
    places[X] = room.take(2 * places[X_EACH])
    # The first layer of one member is that of all.
    alone = int(members == 1)
    table[:alone, S:] = table[ALL, S:]
    for row in table[alone:-1]:
        _take_values(room, row, samples, multiplied)
    places[SCORES] = room.take(samples * table[-2, OUTPUTS])
    places[TURNED] = room.take(max((row[EACH] for row in table[1:-1]), default=0))
    places[ONES], places[TILE_NUMBERS] = room.take(lanes), room.take(numbers * lanes)
    places[SUMS] = room.take(5 * lanes)
    places[LINES] = room.take(FEW * INPUTS_AT_ONCE)
    places[GRADIENT] = room.take(INPUTS_AT_ONCE * lanes if numbers > 1 else 0)
    places[GROUP_EACH] = room.taken - start
    room.take((threads - 1) * places[GROUP_EACH])
    memory = _zeros(room.taken, dtype)
    for group in range(threads):
        at = places[ONES] + group * places[GROUP_EACH]
        memory[at : at + lanes] = 1
    return table, places, memory


def _zeros(count: int, dtype: np.dtype[np.floating]) -> Array:
    """Zeros that begin with a cache line, so that no vector lies in two."""
    line = 64 // dtype.itemsize
    raw = np.zeros(count + line, dtype)
    start = -raw.ctypes.data % 64 // dtype.itemsize
    return raw[start : start + count]


def _take_values(room: _Room, row: Places, samples: int, multiplied: bool) -> None:
    """Places for what a minibatch leaves at the units of a layer."""
    for kind in (S, H, G, F) if multiplied else (S, H, G):
        row[kind] = room.take(samples * row[LANES])
    row[SIGMA] = room.take(row[LANES])


class _Room:
    """Takes places one after the other, each from a new cache line on."""

    def __init__(self, line: int) -> None:
        self.line, self.taken = line, 0

    def take(self, count: int) -> int:
        at = self.taken
        self.taken += padded(int(count), self.line)
        return at


@part
def values(net: Net, layer: int, kind: int, group: int) -> Tiled:
    """Where the ``S``, ``H``, ``G`` or ``F`` of a layer lie, for the member that a group of threads has in hand."""
    own = 0 if layer == ALL else group * net.places[GROUP_EACH]
    return Tiled(net.layers[layer, kind] + own, net.places[SAMPLES], net.layers[layer, LANES])


@part
def weights(net: Net, layer: int, p: int, word: int) -> Tiled:
    """Where a layer's weights lie, (inputs, units), or a word beside them; :data:`ALL` has those of the first layer."""
    row = net.layers[layer]
    return Tiled(row[TILES] + word * row[APART] + p * row[EACH], row[ROWS], row[LANES])


@part
def own(net: Net, place: int, group: int, count: int) -> Array:
    """``count`` numbers of what a group of threads has of its own."""
    at = net.places[place] + group * net.places[GROUP_EACH]
    return net.memory[at : at + count]


@part
def parameters(net: Net, layer: int, kind: int, start: int, count: int, word: int) -> Array:
    """Biases, or what else ``kind`` names, of ``count`` units, among those of all members' layer, or a word of them."""
    at = net.layers[layer, kind] + start + word * net.size
    return net.theta[at : at + count]


@part
def members_lanes(net: Net, layer: int, p: int, lane: int, lanes: int) -> tuple[int, int]:
    """Whose a lane of a layer is, and how many of ``lanes`` from it on are the same member's."""
    if layer != ALL:
        return p, lanes
    units = net.layers[0, OUTPUTS]
    member = lane // units
    return member, min(lanes, (member + 1) * units - lane)
