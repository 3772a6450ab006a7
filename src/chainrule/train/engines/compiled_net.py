"""A population's descent and its evaluation, compiled: the layers of :mod:`chainrule.nn` on values in tiles.

The first layer, whose products are most of the work, is one layer of all members' units, as all see the same inputs.
A block of its weights is updated and at once multiplied with the next minibatch, so that weights are read and written
once a step:

    for each block of inputs:                 # they stay in the cache
        for each tile of units:
            W = keep W + x^T dS               # of the minibatch that was
            S += x W                          # of the one that comes

Above it members go one by one, layer by layer forward and back. Threads share out the inputs of the first layer, and
above it the members; where there are fewer members than threads, the units of every layer. Where gradients are cut,
that of the first layer is formed by a pass of its own, before it moves (:mod:`chainrule.train.engines.clipped`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.machine.compiler import kept_kind
from chainrule.train.engines import lanes
from chainrule.train.engines.calls import call
from chainrule.train.engines.first_layer import Samples, first_layer
from chainrule.train.engines.located import TuplePlace, located
from chainrule.train.engines.losses import label_words
from chainrule.train.engines.members import member_backward, member_forward, member_scores
from chainrule.train.engines.memory import ALL, INPUTS, OUTPUTS, WEIGHTS, Net, weights
from chainrule.train.engines.parts import entry
from chainrule.train.engines.team import Team, alone, wait
from chainrule.train.engines.tiles import exchange
from chainrule.train.engines.units import units_backward, units_forward
from chainrule.train.engines.views import matrix


def _kind(*, given: Any, **_: Any) -> str:
    """What code is for that is called with values of these types. By that it is asked whether the code is kept, without
    numba."""
    return kept_kind(TuplePlace(given).attribute("theta").dtype.name)


@entry(Path(__file__), _kind)
def exchange_weights(given: Net, words: int, into: bool) -> None:
    """All weights, and so many words less one that are kept beside them, into tiles, from where they lie among all
    parameters, or back."""
    net = located(given)
    for word in range(words):
        for layer in range(len(net.layers) - 1):
            row, nets = (ALL, 1) if layer == 0 else (layer, net.members)
            units, inputs = net.layers[row, OUTPUTS], net.layers[row, INPUTS]
            for p in range(nets):
                at = net.layers[row, WEIGHTS] + word * net.size + p * units * inputs
                W = matrix(net.theta[at:], units, inputs)
                exchange(net.shape, W, net.memory, weights(net, row, p, word), into)


@entry(Path(__file__), _kind)
def steps(
    samples: Samples, order: lanes.Indices, labels: lanes.Indices, size: int, given: Net, descending: bool,
    factors: Array, numbers: Array, shares: Array, r: NDArray[np.uint8], first: int, losses: Array, right: Array,
    team: Team,
) -> int:  # fmt: skip
    """Take minibatch after minibatch, forward and back or forward alone: what one thread of a team does.

    Going back ends with a minibatch in which a member's losses are not finite.

    Args:
        samples: of a table.
        order: indices of those wanted, minibatch after minibatch.
        labels: of the samples of ``order``, some words each: those that are numbers, in float64, as their bits, where
            there are several a bit for each class.
        size: of a minibatch; the last one may be smaller.
        given: the net, changed, but for its weights, which are taken from tiles and change there.
        descending: forward and back; else forward alone, with batch norm by running values.
        factors: what errors are multiplied by beside 1 / samples, for every step, (steps, P).
        numbers: of the optimizer, for every step, (steps, P, numbers).
        shares: of the old running values that every step keeps, (steps, P).
        r: the bytes of weights of the samples of ``order``, (P, M) or (1, M), where there is a way back over their
            minibatch's mean; none where samples have no weights. Only what is called by its address reads them, and
            knows which numbers they are: so this code is the same whether there are any.
        first: which update the first is, from 0 on.
        losses: (steps, P), written: sums of every minibatch by weight.
        right: (steps, P), written where there is no way back: what samples weigh whose label has the highest score.
        team: its number is that of parts of the first layer, whose sums they round.

    Returns:
        Steps taken.
    """
    net = located(given)
    together = net.members < team.size
    inside, group = team if together else alone(team), 0 if together else team.number
    classes, before, taken = net.layers[-2, OUTPUTS], order[:0], 0
    scores, y, words = member_scores(net, group), net.labels[team.thread], label_words(net.several, classes)
    while taken < len(losses):
        start = taken * size
        rows, running = order[start : start + size], not descending
        n, share = len(rows), shares[taken if descending else 0]
        first_layer(samples, rows, before, taken % 2, net, team)
        for i in range(n * words):
            y[i] = labels[start * words + i]
        units_forward(net, ALL, 0, 0, n, share, running, r, start, first + taken, team)
        wait(team)
        for p in range(0 if together else team.number, net.members, 1 if together else team.size):
            member_forward(net, p, group, n, share, running, r, start, first + taken, inside)
            if inside.number == 0:
                factor = factors[taken if descending else 0, p] / net.theta.dtype.type(n)
                call(
                    "loss",
                    net.loss,
                    (
                        scores, n, classes, y, net.several, r, p, start, descending, factor, net.smoothed[p], losses,
                        right, taken,
                    ),
                )  # fmt: skip
            if descending:
                member_backward(net, p, group, n, numbers[taken, p], r, start, inside)
        wait(team)
        taken += 1
        if descending:
            units_backward(net, ALL, 0, 0, n, r, start, team)
            wait(team)
            before = rows
            if net.gradient > 0:
                first_layer(samples, order[:0], rows, taken % 2, net, team)
                call("clip_and_move", net.cut, (net, numbers[taken - 1], team))
                before = order[:0]
            if not lanes.all_finite(losses[taken - 1]):
                break
    if descending:
        first_layer(samples, order[:0], before, taken % 2, net, team)
    return taken
