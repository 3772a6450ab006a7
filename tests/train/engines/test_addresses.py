"""What is compiled by itself is asked for by plans that use it, and by no others."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.components import OPTIMIZERS
from chainrule.data.splits import Split
from chainrule.data.transforms.transform import Transform
from chainrule.nn.network import Network
from chainrule.train.engines.engine import Problem

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from chainrule.train.engines import addresses  # needs it
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
    ids=["plain", "batch norm", "dropout", "Adam", "clipping"],
)
def test_a_plan_asks_for_what_it_uses(asked, own, expected):
    assert asked(**own) == {"cross_entropy", *expected}


@pytest.mark.usefixtures("compiled_code")
def test_of_losses_it_is_its_own(asked):
    assert asked(loss="hinge") == {"hinge"}
