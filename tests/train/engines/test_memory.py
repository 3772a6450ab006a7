"""Where everything lies: apart from one another, and on whole cache lines."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from chainrule.train.engines import innermost, memory  # needs it


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("widths", [(13, 4), (13, 70, 5, 4)])
@pytest.mark.parametrize("threads", [1, 3])
def test_nothing_lies_upon_anything_else(dtype, widths, threads):
    members, shape, size = 3, innermost.shape(dtype), 21
    layers = np.zeros((len(widths) - 1, 8), np.int64)
    layers[:, memory.INPUTS], layers[:, memory.OUTPUTS] = widths[:-1], widths[1:]
    words, numbers, lanes = 3, 5, innermost.tile_lanes(shape)
    table, places, values = memory.lay_out(
        layers, members, shape, np.dtype(dtype), size, threads, True, words, numbers
    )
    samples, everyone = places[memory.SAMPLES], table[memory.ALL]
    assert samples >= size
    parts = [
        *(
            (everyone[memory.TILES] + word * everyone[memory.APART], everyone[memory.EACH])
            for word in range(words)
        ),
        (places[memory.NUMBERS], numbers * everyone[memory.LANES]),
    ]
    parts += [
        (row[memory.TILES] + word * row[memory.APART], members * row[memory.EACH])
        for row in table[1:-1]
        for word in range(words)
    ]
    parts += [
        (everyone[kind], samples * everyone[memory.LANES])
        for kind in (memory.S, memory.H, memory.G, memory.F)
    ]
    if threads > 1:
        parts.append((places[memory.PARTS], threads * places[memory.PARTS_EACH]))
    for group in range(threads):
        start = group * places[memory.GROUP_EACH]
        parts += [
            (start + row[kind], samples * row[memory.LANES])
            for row in table[:-1]
            for kind in (memory.S, memory.H, memory.G, memory.F)
        ]
        parts += [(start + row[memory.SIGMA], row[memory.LANES]) for row in table[:-1]]
        parts += [
            (start + places[memory.X], 2 * places[memory.X_EACH]),
            (start + places[memory.SCORES], samples * widths[-1]),
            (start + places[memory.ONES], lanes),
            (start + places[memory.TILE_NUMBERS], numbers * lanes),
            (start + places[memory.SUMS], 5 * lanes),
            (start + places[memory.LINES], 2 * memory.INPUTS_AT_ONCE),
            (start + places[memory.GRADIENT], memory.INPUTS_AT_ONCE * lanes),
        ]
        assert (values[start + places[memory.ONES] :][:lanes] == 1).all()
    parts = sorted((int(at), int(count)) for at, count in parts)
    assert all(at + count <= following for (at, count), (following, _) in itertools.pairwise(parts))
    assert parts[-1][0] + parts[-1][1] <= len(values)
    assert all((values.ctypes.data + at * values.itemsize) % 64 == 0 for at, _ in parts)
    assert values.sum() == threads * lanes
