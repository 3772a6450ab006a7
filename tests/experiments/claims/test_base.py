"""What claims look at: quantities of nets, and which differences are taken seed by seed."""

from __future__ import annotations

import pytest

from chainrule.experiments.claims.base import Measured, roughness, value_of
from support.members import made_member, made_row


@pytest.mark.parametrize(
    ("quantity", "value"),
    [
        ("test_accuracy", 0.3),
        ("loss_gap", 0.5),
        ("accuracy_gap", 0.25),
        ("train_loss", 1.5),
    ],
)
def test_quantities_of_the_last_weights(quantity, value):
    net = made_member(test_accuracy=0.3, val_loss=2.0, train_loss=1.5, train_accuracy=0.75, val_accuracy=0.5)
    assert value_of(net, quantity) == value


def test_what_is_missing_has_no_value():
    net = made_member(val_loss=2.0)
    assert value_of(net, "test_accuracy") is None
    assert value_of(net, "loss_gap") is None


@pytest.mark.parametrize(
    ("curve", "share"),
    [
        ([3, 2, 1], 0.0),
        ([1, 2, 3], 1.0),
        ([2, 1, 2, 1, 2], 0.5),
        ([3, 1, 2], 1 / 3),
        ([300, 100, 200], 1 / 3),
        ([1, 1, 1], None),
        ([1], None),
    ],
)
def test_roughness_is_the_share_of_the_way_that_goes_up(curve, share):
    assert roughness(curve) == share


def test_the_roughness_of_a_run_counts_from_the_first_epoch_and_of_its_own_curve():
    assert value_of(made_member([0, 3, 1, 2]), "train_loss_roughness") == pytest.approx(1 / 3)
    assert value_of(made_member([0, 3, 1, 2], "val_loss"), "val_loss_roughness") == pytest.approx(1 / 3)


def test_rows_are_compared_seed_by_seed_and_searches_are_not():
    rows = {
        name: [made_member(val_accuracy=value) for value in values]
        for name, values in (("a", (0.1, 0.3, 0.5)), ("b", (0.0, 0.2, 0.4)))
    }
    measured = Measured(rows, {"s": [0.1, 0.3, 0.5]})
    together, apart = (measured.difference("val_accuracy", name, "b") for name in ("a", "s"))
    assert together.mean == pytest.approx(apart.mean) == pytest.approx(0.1)
    assert together.error == pytest.approx(0)
    assert apart.error == pytest.approx(0.1633, abs=1e-4)


def test_a_missing_value_leaves_no_difference():
    assert (
        Measured({"a": made_row(0.1, None), "b": made_row(0.1, 0.2)}).difference("test_accuracy", "a", "b")
        is None
    )
