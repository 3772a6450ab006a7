"""Loops of compiled code beside what the layers do, number by number, and what is kept of them."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from numba import njit  # needs it

from chainrule.components import ACTIVATIONS, OPTIMIZERS
from chainrule.train.engines import elementwise
from chainrule.train.engines.calls import call
from chainrule.train.engines.parts import PART

OPTIONS = {name: PART[name] for name in ("error_model", "fastmath")}
RECORDS = [record for record in ACTIVATIONS.values() if not ACTIVATIONS.is_own(record)]
ENDS = [0, 100, -100, 1e4, -1e4, np.nan]


@njit(**OPTIONS)
def activated(address, values, slopes):
    call("activation", address, (values, len(values), values.shape[1] - 2, slopes))


@pytest.mark.parametrize(("dtype", "bound"), [(np.float32, 2e-6), (np.float64, 1e-14)])
def test_values_and_slopes_are_those_of_the_layers_and_lanes_beyond_stay(dtype, bound):
    s = np.concatenate([ENDS, np.linspace(-9, 9, 90)]).astype(dtype).reshape(6, 16)
    for record in RECORDS:
        values, slopes = np.pad(s, ((0, 0), (0, 2)), constant_values=7), np.full((6, 18), 8, dtype)
        activated(elementwise.activation(record, dtype), values, slopes)
        h, cache = record.forward(s.astype(np.float64))
        ds = record.backward(np.ones((6, 16)), cache)
        for got, expected in ((values, h), (slopes, ds)):
            numbers = ~np.isnan(s)
            atol = bound * np.maximum(1, np.abs(expected))
            assert (np.abs(got[:, :16] - expected) <= atol)[numbers].all(), record.name
        assert np.isnan(values[0, 5])
        assert (values[:, 16:] == 7).all()
        assert (slopes[:, 16:] == 8).all()


def test_kernels_are_the_same_functions_uncompiled():
    s = np.linspace(-5, 5, 31)
    for record in RECORDS:
        element = record.kernel(np.float64)
        h, cache = record.forward(s.copy())
        pairs = np.array([element(one) for one in s])
        np.testing.assert_allclose(pairs[:, 0], h, rtol=0, atol=1e-14)
        np.testing.assert_allclose(pairs[:, 1], record.backward(np.ones(31), cache), rtol=0, atol=1e-14)


def test_kernels_of_optimizers_are_their_steps_uncompiled():
    rng = np.random.default_rng(0)
    for record in OPTIMIZERS.values():
        settings = None if record.settings is None else record.settings()
        element, rate, gradient = record.kernel(np.float64), 0.1, rng.normal(size=(1, 9))
        state = {kind: rng.uniform(0.1, 1, (1, 9)) for kind in record.state}
        before = [*state.values(), *np.zeros((2, 1, 9))]
        words = [array.copy() for array in before]
        change = record.step(settings, 3, gradient, state, np.full((1, 1), rate))
        numbers = np.array([record.numbers(settings, 3)]).T
        for i in range(9):
            given = gradient[0, i], words[0][0, i], words[1][0, i]
            moved, *new = element(rate, numbers, 0, *given)
            assert moved == pytest.approx(change[0, i], rel=1e-13)
            assert new[: len(state)] == pytest.approx([a[0, i] for a in state.values()], rel=1e-13)


def test_loops_are_kept_by_the_names_of_their_components(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    for _ in range(2):
        elementwise._activation.cache_clear()
        found = elementwise._activation(ACTIVATIONS["leaky_relu"], "float32")
    assert found.cache_hits == 1
    (file,) = tmp_path.glob("*.nbc")
    assert file.name.startswith("elementwise.activation_leaky_relu_")


def test_every_loop_that_a_step_calls_is_compiled_beforehand(monkeypatch):
    found = []
    monkeypatch.setattr(
        elementwise, "update", lambda record, averaged, dtype: found.append((record.name, averaged))
    )
    monkeypatch.setattr(elementwise, "activation", lambda record, dtype: None)
    elementwise.ready(np.float32)
    assert sorted(found) == [(name, averaged) for name in sorted(OPTIMIZERS) for averaged in (False, True)]
