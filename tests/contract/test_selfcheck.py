"""The check of every entry of our nets' gradients tells nets of other components apart, and finds them right."""

from __future__ import annotations

from chainrule.data import datasets
from chainrule.experiments.experiment import Experiment
from chainrule.selfcheck import checked_nets, gradient_differences, starts

ROWS = {
    "usual": {},
    "bipolar": {"activation": "bipolar", "init": "halved"},
    "leaky": {"activation": "leaky", "batch_norm": True, "preprocess": "doubled"},
    "squared": {"loss": "squared"},
}


def test_nets_of_every_component_are_checked_and_right():
    settings = {
        "train": "data_batch_1", "val": "data_batch_2", "test": "test_batch", "preprocess": "center", "hidden": [6],
        "init": "he", "batch_size": 10, "epochs": 1, "shuffle": True, "l2": 0.1,
        "learning_rate": {"highest": 0.1, "lowest": 0.01},
    }  # fmt: skip
    experiment = Experiment.model_validate(
        {
            "title": "t",
            "settings": settings,
            "rows": [{"name": name, "set": own} for name, own in ROWS.items()],
        }
    )
    nets = checked_nets(experiment)
    rows = gradient_differences(starts(nets, datasets.load("digits"), samples=9, seed=0))
    assert list(dict.fromkeys(row.net for row in rows)) == [
        "64-6-10", "64-6-10, bipolar", "64-6-10, leaky, batch norm", "64-6-10, squared loss",
    ]  # fmt: skip
    assert {row.verdict for row in rows if row.parameter != "b1"} == {"right", None}
