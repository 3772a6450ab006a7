"""One unit or two of the first layer that are left over where tiles are full, compiled.

A tile holds half a vector at least, and takes as long with 2 units in use as with 8: a sixth of the time of the other
48 where a net has 50. Of so few, weights of a block of inputs are laid one unit behind the other, and vectors run along
the inputs: that takes half as long.
"""

from __future__ import annotations

from chainrule.arrays import Array
from chainrule.train.engines.parts import part

FEW = 2
"""Units at most; four take as long as the tile."""


@part
def lay_apart(w: Array, lines: Array, out: bool) -> None:
    """Weights (inputs, lanes) of the first two lanes into lines (2, inputs or more), or back."""
    one, two = lines[0, : len(w)], lines[1, : len(w)]
    for d in range(len(w)):
        if out:
            w[d, 0], w[d, 1] = one[d], two[d]
        else:
            one[d], two[d] = w[d, 0], w[d, 1]


@part
def descend_few(step: Array, m: int, x: Array, count: int, lines: Array, keep: Array) -> None:
    """lines = keep lines + step^T x, of inputs x (samples, ``count`` or more) and errors ``step`` (samples, lanes)."""
    one, two = lines[0, :count], lines[1, :count]
    for d in range(count):
        one[d] *= keep[0]
        two[d] *= keep[1]
    # More of them at once are more places that may be the same ones than LLVM asks about.
    for j in range(0, m - m % 3, 3):
        a, b, c = x[j, :count], x[j + 1, :count], x[j + 2, :count]
        a1, b1, c1 = step[j, 0], step[j + 1, 0], step[j + 2, 0]
        a2, b2, c2 = step[j, 1], step[j + 1, 1], step[j + 2, 1]
        for d in range(count):
            one[d] += a1 * a[d] + b1 * b[d] + c1 * c[d]
            two[d] += a2 * a[d] + b2 * b[d] + c2 * c[d]
    for j in range(m - m % 3, m):
        a, a1, a2 = x[j, :count], step[j, 0], step[j, 1]
        for d in range(count):
            one[d] += a1 * a[d]
            two[d] += a2 * a[d]


@part
def add_few_scores(lines: Array, x: Array, count: int, n: int, s: Array) -> None:
    """s += x lines^T, for the first two lanes of s (samples, lanes)."""
    one, two = lines[0, :count], lines[1, :count]
    for i in range(n):
        row, first, second = x[i, :count], s[i, 0], s[i, 1]
        for d in range(count):
            first += row[d] * one[d]
            second += row[d] * two[d]
        s[i, 0], s[i, 1] = first, second
