"""What holds for every loss."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from chainrule.components import LOSSES
from support.components import learned, names
from support.numeric import central_difference

losses = pytest.mark.parametrize("name", names(LOSSES))


def targets(loss):
    return learned(loss.name, np.array([0, 3, 1, 1, 2]))[0]


def scores(loss, members=3, dtype=np.float64):
    outputs = 1 if loss.numbers else 4
    return np.random.default_rng(members).normal(size=(members, 5, outputs)).astype(dtype)


@losses
def test_backward_is_the_gradient_of_the_mean_by_central_differences(name):
    loss = LOSSES[name]
    s, y = scores(loss), targets(loss)
    numeric = central_difference(lambda: float(loss.forward(s, y)[0].mean(axis=1).sum()), s)
    np.testing.assert_allclose(loss.backward(loss.forward(s, y)[1]), numeric, rtol=0, atol=1e-9)


@losses
def test_backward_is_the_gradient_of_the_mean_by_the_complex_step(name):
    loss = LOSSES[name]
    s, y = scores(loss), targets(loss)
    direction = np.random.default_rng(1).normal(size=s.shape)
    values, _ = loss.forward(s + 1e-20j * direction, y)
    slope = (loss.backward(loss.forward(s, y)[1]) * direction).sum(axis=(1, 2))
    np.testing.assert_allclose(values.mean(axis=1).imag / 1e-20, slope, rtol=1e-12)


@losses
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scores_stay_and_types_are_kept(name, dtype):
    loss = LOSSES[name]
    s, y = scores(loss, dtype=dtype), targets(loss)
    before = s.copy()
    values, cache = loss.forward(s, y)
    np.testing.assert_array_equal(s, before)
    ds = loss.backward(cache)
    assert (values.shape, values.dtype) == ((3, 5), dtype)
    assert (ds.shape, ds.dtype) == (s.shape, dtype)
    exact, _ = loss.forward(scores(loss), y)
    np.testing.assert_allclose(values, exact, rtol=1e-5 if dtype is np.float32 else 0)


@losses
def test_members_are_as_if_alone_beside_one_that_is_no_number(name):
    loss = LOSSES[name]
    s, y = scores(loss), targets(loss)
    alone = [(v, loss.backward(c)) for v, c in (loss.forward(s[p : p + 1], y) for p in range(3))]
    s[1] = np.nan
    with np.errstate(invalid="ignore"):
        values, cache = loss.forward(s, y)
        ds = loss.backward(cache)
    assert np.isnan(values[1]).all()
    for member in (0, 2):
        np.testing.assert_array_equal(values[member], alone[member][0][0])
        np.testing.assert_array_equal(ds[member], alone[member][1][0])


@losses
def test_the_gradient_jumps_where_the_piece_changes_and_nowhere_else(name):
    loss, rng = LOSSES[name], np.random.default_rng(2)
    y = targets(loss)
    first, last = rng.normal(0, 2, (2, *scores(loss, 1).shape))
    steps = [first + share * (last - first) for share in np.linspace(0, 1, 2001)]
    gradients = [loss.backward(loss.forward(s, y)[1]) for s in steps]
    jumps = [np.abs(b - a).max() > 0.02 for a, b in itertools.pairwise(gradients)]
    if loss.pieces is None:
        assert not any(jumps)
        return
    pieces = [loss.pieces(loss.forward(s, y)[1]) for s in steps]
    changes = [(a != b).any() for a, b in itertools.pairwise(pieces)]
    assert jumps == changes
    assert any(jumps)
