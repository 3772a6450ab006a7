"""What a training is said to wait for is what is compiled for it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from chainrule.data.transforms.transform import fit
from chainrule.train.engines.waited import waited_for
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
)
from chainrule.train.engines.compiled import Compiled

ADDRESSES = ("loss_address", "norm_addresses", "drop_address", "move_addresses", "cut_address")


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
    for module, name in [(addresses, name) for name in ADDRESSES] + [
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
    assert {(one.source.stem, one.name, one.kind) for one in waited_for(settings, weighted)} == expected
