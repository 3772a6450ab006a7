"""Products over tiles beside NumPy's, for every number of vectors, samples and inputs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from numba import njit  # needs it

from chainrule.train.engines import innermost, tiles
from chainrule.train.engines.parts import ENTRY

pytestmark = pytest.mark.usefixtures("compiled_code")


@njit(**ENTRY)
def exchanged(shape, memory, tiled, W, into):
    tiles.exchange(shape, W, memory, tiled, into)


@njit(**ENTRY)
def cleared(shape, s, n):
    tiles.clear(shape, s, n)


@njit(**ENTRY)
def multiplied_tile(shape, memory, tiled, first, x, out, ds, keep, ones):
    w = tiles.tile(shape, memory, tiled, first)
    tiles.add_scores(shape, w, x.reshape(x.size), x.shape[1], out, len(x), ones)
    tiles.descend(shape, ds, len(x), x.reshape(x.size), x.shape[1], w, keep[first:])


def multiplied(shape, memory, tiled, W, x, s, step, keep, ones):
    """W into its tiles; s += x W and W = keep W + x^T step, all (rows, lanes); and W out again."""
    exchanged(shape, memory, tiled, W, True)
    width = innermost.tile_lanes(shape)
    for first in range(0, tiled.lanes, width):
        lanes = slice(first, min(first + width, tiled.lanes))
        out, ds = s[lanes].T.copy(), step[lanes].T.copy()
        multiplied_tile(shape, memory, tiled, first, x, out, ds, keep, ones)
        s[lanes] = out.T
    exchanged(shape, memory, tiled, W, False)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(
    units=st.integers(1, 120), inputs=st.integers(1, 20), samples=st.integers(1, 12), seed=st.integers(0, 99)
)
def test_products_are_those_of_matrices(dtype, units, inputs, samples, seed):
    shape, rng = innermost.shape(dtype), np.random.default_rng(seed)
    lanes, rows = innermost.layer_lanes(shape, units), innermost.padded(inputs, shape.rows)
    n = innermost.padded(samples, shape.rows)
    W = rng.standard_normal((units, inputs)).astype(dtype)
    x, s, step = np.zeros((n, rows), dtype), np.zeros((lanes, n), dtype), np.zeros((lanes, n), dtype)
    x[:samples, :inputs] = rng.standard_normal((samples, inputs))
    step[:units, :samples] = rng.standard_normal((units, samples))
    keep = rng.standard_normal(lanes + innermost.tile_lanes(shape)).astype(dtype)
    memory, tiled = np.zeros(lanes * rows, dtype), tiles.Tiled(0, rows, lanes)
    before = W.copy()
    multiplied(shape, memory, tiled, W, x, s, step, keep, np.ones(innermost.tile_lanes(shape), dtype))
    tolerance = {"rtol": 0, "atol": 100 * np.finfo(dtype).eps}
    np.testing.assert_allclose(s[:units, :samples], before @ x[:samples, :inputs].T, **tolerance)
    descended = keep[:units, np.newaxis] * before + step[:units] @ x[:, :inputs]
    np.testing.assert_allclose(W, descended, **tolerance)


def test_rows_that_are_formed_together_are_cleared_and_no_more():
    shape = innermost.shape(np.float32)
    s = np.ones((3 * shape.rows, shape.vector), np.float32)
    cleared(shape, s, shape.rows + 1)
    assert not s[: 2 * shape.rows].any()
    assert s[2 * shape.rows :].all()
