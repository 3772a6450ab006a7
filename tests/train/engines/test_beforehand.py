"""What trainings would wait for is all asked for beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.components import LOSSES

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from chainrule.train.engines import addresses, beforehand, compiled_net  # needs it

pytestmark = pytest.mark.usefixtures("compiled_code")


def test_all_that_steps_call_by_its_address_is_asked_for(monkeypatch):
    found = []

    def noted(name):
        real = getattr(addresses, name)
        return lambda *arguments: found.append((name, arguments[0])) or real(*arguments)

    for name in ("loss_address", "norm_addresses", "drop_address", "move_addresses", "cut_address"):
        monkeypatch.setattr(addresses, name, noted(name))
    monkeypatch.setattr(addresses, "_FOUND", {})
    beforehand.components_ready(np.float64, weighted=False)
    compiled = {record.kernel for record in LOSSES.values()} - {None}
    assert {loss for name, loss in found if name == "loss_address"} == compiled
    assert {name for name, _ in found if name != "loss_address"} == {
        "norm_addresses", "drop_address", "move_addresses", "cut_address",
    }  # fmt: skip


def test_steps_are_compiled_once_for_a_type_of_numbers_with_weights_of_samples_and_without():
    for weighted in (False, True):
        beforehand.ready(np.float64, weighted=weighted)
    # A test before this one may have trained in float32.
    assert len(compiled_net.steps.signatures) <= 2
