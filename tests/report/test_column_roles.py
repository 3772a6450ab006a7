"""What columns are taken for, by their names."""

from __future__ import annotations

import pytest

from chainrule.report.column_roles import recognise


@pytest.mark.parametrize(
    ("name", "curve"),
    [
        ("loss", "train_loss"), ("train_loss", "train_loss"), ("Training Loss", "train_loss"),
        ("loss/train", "train_loss"), ("val_loss", "val_loss"), ("valid loss", "val_loss"),
        ("Validation Loss", "val_loss"), ("dev_loss", "val_loss"), ("test_loss", "test_loss"),
        ("acc", "train_accuracy"), ("val_acc", "val_accuracy"), ("train/acc", "train_accuracy"),
        ("validation_accuracy", "val_accuracy"), ("test accuracy", "test_accuracy"),
        ("train_cost", "train_cost"), ("cross-entropy", "train_loss"), ("val_loss_epoch", "val_loss"),
        ("valLoss", "val_loss"), ("time", None), ("train_loss_step", None), ("lossless", None),
    ],
)  # fmt: skip
def test_columns_are_recognised_by_their_usual_names(name, curve):
    assert recognise([name]).curves == ({curve: name} if curve else {})


def test_rates_counts_and_runs_are_recognised():
    roles = recognise(["Epoch", "global_step", "lr", "learning rate", "seed", "loss", "train loss"])
    assert roles.counts == {"epoch": "Epoch", "step": "global_step"}
    assert (roles.rate, roles.run) == ("lr", "seed")
    assert roles.left_out == ["learning rate", "train loss"]
    assert recognise(["Learning Rate"]).rate == "Learning Rate"
    assert recognise(["lr-SGD"]).rate == "lr-SGD"
