"""Gradients that are cut in compiled code, beside the layers: whose, by whom, and whatever moves them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from chainrule.data.splits import Split
from chainrule.data.transforms.transform import fit
from chainrule.nn.network import Network
from chainrule.train.engines.engine import Problem
from chainrule.train.engines.layers import Layers
from support.nets import assert_close

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from chainrule.train.engines import compiled  # needs it

pytestmark = pytest.mark.usefixtures("compiled_code")

RNG = np.random.default_rng(2)
DATA = Split(RNG.integers(0, 256, (157, 13), np.uint8), RNG.integers(0, 4, 157).astype(np.uint8))
LONGEST = np.array([0.3, 0.0, 1e9])
"""One that cuts, none, and one that is never reached."""


def problem(hidden, batch_norm, **changes):
    network = Network((13, *hidden, 4), "cross_entropy", batch_norm)
    initial = network.initial(0, ["he"] * 3, np.float64)
    rates, l2 = np.full((8, 3), 0.1), np.array([0.0, 0.1, 0.3])
    plain = Problem(network, initial, DATA, fit("standardize", DATA.images, 255), 40, rates, l2, clip=LONGEST)
    return dataclasses.replace(plain, **changes)


def trained(engine, given):
    running = engine(
        dataclasses.replace(given, initial={name: array.copy() for name, array in given.initial.items()})
    )
    for epoch in range(2):
        taken, failing = running.descend(
            np.random.default_rng(epoch).permutation(157), 4 * epoch, single=False
        )
        assert (taken, failing.any()) == (4, False)
    return running


@pytest.mark.parametrize("parts", [1, 2, 5])
@pytest.mark.parametrize(("hidden", "batch_norm"), [((), False), ((6,), False), ((60, 5), True)])
@pytest.mark.parametrize("own", [{}, {"optimizer": "adam"}, {"ema": np.array([0.9, 0.0, 0.5])}], ids=str)
def test_they_are_cut_as_by_the_layers(own, hidden, batch_norm, parts, monkeypatch):
    monkeypatch.setattr(compiled, "blas_threads", lambda: parts)
    if own.get("optimizer"):
        from chainrule.components.kinds import OPTIMIZERS

        own = {"optimizer": OPTIMIZERS["adam"].table()}
    given = problem(hidden, batch_norm, **own)
    ours, theirs = (trained(engine, given) for engine in (compiled.Compiled, Layers))
    assert_close(ours.parameters, theirs.parameters, 1e-11)
    losses = [engine.evaluate(DATA).loss for engine in (ours, theirs)]
    np.testing.assert_allclose(*losses, rtol=1e-11)
    uncut = trained(Layers, dataclasses.replace(given, clip=None))
    changed = [not np.allclose(uncut.parameters["W1"][m], ours.parameters["W1"][m]) for m in range(3)]
    assert changed == [True, False, False]


def test_samples_of_weight_0_move_nothing_and_weights_count():
    weights = np.concatenate([np.zeros((1, 40)), np.arange(117.0)[np.newaxis]], axis=1)
    given = problem((6, 5), True, data=dataclasses.replace(DATA, weights=weights))
    ours, theirs = (engine(problem((6, 5), True, data=given.data)) for engine in (compiled.Compiled, Layers))
    start = {name: array.copy() for name, array in ours.parameters.items()}
    for engine in (ours, theirs):
        engine.descend(np.arange(40), 0, single=True)
    for name, array in start.items():
        np.testing.assert_array_equal(ours.parameters[name], array)
    for engine in (ours, theirs):
        engine.descend(np.arange(40, 157), 1, single=False)
    assert_close(ours.parameters, theirs.parameters, 1e-11)
