"""What is compiled by itself is asked for by plans that use it, and by no others."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from chainrule.components import OPTIMIZERS
from chainrule.data.splits import Split
from chainrule.data.transforms.transform import Transform, fit
from chainrule.nn.network import Network
from chainrule.train.engines import choice
from chainrule.train.engines.engine import Problem
from chainrule.train.population import Training
from support.prototypes import prototype_settings

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from chainrule.train.engines import (  # needs it
    addresses,
    clipped,
    dropped,
    elementwise,
    losses,
    normed,
    updates,
)  # fmt: skip
from chainrule.train.engines.compiled import Compiled

ALONE = ("norm_addresses", "drop_address", "move_addresses", "cut_address")
HALF = np.full(1, 0.5)


@pytest.fixture
def asked(monkeypatch):
    """Trains nothing: gives whose addresses the steps of a net would be given."""
    found: list[str] = []

    def instead(name, given):
        return lambda *arguments: found.append(name) or given

    for name in ALONE:
        given = {"norm_addresses": addresses.NO_NORM, "move_addresses": addresses.NO_MOVES}.get(name, 0)
        monkeypatch.setattr(addresses, name, instead(name, given))
    monkeypatch.setattr(addresses, "loss_address", lambda loss, real, weights: found.append(loss) or 0)
    monkeypatch.setattr(addresses, "_FOUND", {})

    def of(batch_norm=False, loss="cross_entropy", **own):
        network, data = (
            Network((1, 3, 2), loss, batch_norm),
            Split(np.zeros((2, 1), np.uint8), np.zeros(2, np.uint8)),
        )
        transform, initial = Transform(np.ones(1), np.zeros(1)), network.initial(0, ["he"], np.float32)
        engine = Compiled(Problem(network, initial, data, transform, 2, np.zeros((1, 1)), np.zeros(1), **own))
        found.clear()
        addresses.addressed(engine._net, loss, None)
        return set(found)

    return of


@pytest.mark.usefixtures("compiled_code")
@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({}, set()),
        ({"batch_norm": True}, {"norm_addresses"}),
        ({"dropout": HALF, "seeds": [0]}, {"drop_address"}),
        ({"optimizer": OPTIMIZERS["adam"].table()}, {"move_addresses"}),
        ({"clip": HALF}, {"move_addresses", "cut_address"}),
    ],
    ids=str,
)
def test_a_plan_asks_for_what_it_uses(asked, own, expected):
    assert asked(**own) == {"cross_entropy", *expected}


@pytest.mark.usefixtures("compiled_code")
def test_of_losses_it_is_its_own(asked):
    assert asked(loss="hinge") == {"hinge"}


@pytest.fixture
def compiled(monkeypatch):
    """Compiles nothing: gives what would be, by its module, name and kind."""
    found: set[tuple[str, str, str]] = set()

    def instead(source, name, kind, signature, *, apart):
        def noted(function):
            found.add((source.stem, name, kind))
            return SimpleNamespace(address=1)

        return noted

    for module in (clipped, dropped, elementwise, losses, normed, updates):
        monkeypatch.setattr(module, "called", instead)
    for module, name in [(addresses, name) for name in (*ALONE, "loss_address")] + [
        (elementwise, "_activation"),
        (elementwise, "_update"),
    ]:
        monkeypatch.setattr(module, name, getattr(module, name).__wrapped__)
    monkeypatch.setattr(addresses, "_FOUND", {})
    monkeypatch.setattr(Compiled, "_steps", lambda *_: 0)
    return found


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    "own",
    [
        {},
        {"optimizer": "adam", "batch_norm": True, "dropout": 0.2, "clip": 1.0},
        {"ema": 0.9, "activation": "tanh", "loss": "hinge"},
        {"clip": 1.0},
    ],
    ids=str,
)
def test_what_is_compiled_for_a_plan_is_what_it_is_said_to_wait_for(
    compiled, compiling, splits, own, weighted
):
    settings = prototype_settings(hidden=(6,), **own)
    transform = fit("center", splits["train"].images, 255)
    engine = Training([settings], 0, splits, transform, 4, engine="compiled")._engine
    for weights in ("float32", "float64") if weighted else (None,):
        addresses.addressed(engine._net, engine._loss, weights)
    steps = {("compiled_net", name, "float32") for name in ("steps", "exchange_weights")}
    expected = compiled | steps
    assert {
        (one.source.stem, one.name, one.kind) for one in choice.waited_for(settings, weighted)
    } == expected
