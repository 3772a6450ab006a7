"""What tables need, planned before anything is trained."""

from __future__ import annotations

import pytest

from chainrule.errors import SettingsError
from chainrule.experiments.experiment import Experiment
from chainrule.experiments.plan import plan


def test_all_problems_with_the_data_at_once_and_nothing_written(job, small):
    broken = Experiment.model_validate(
        small.model_dump()
        | {
            "rows": [
                {"name": "a", "set": {"learning_rate": 1, "batch_size": 301}},
                {"name": "b", "set": {"learning_rate": 1, "val": "data_batch_1", "test": "tset_batch"}},
                {"name": "c", "set": {"learning_rate": 1, "train": 1600}},
            ],
            "claims": [],
        }
    )
    with pytest.raises(SettingsError) as caught:
        job(experiments={"small": broken})
    text = str(caught.value)
    assert "batch_size = 301: train holds 300 samples" in text
    assert "share samples" in text
    assert "did you mean 'test_batch'?" in text
    assert "train = 1600: digits has 1500 training samples" in text


def test_a_check_is_no_part_of_a_plan(digits, small):
    checked = Experiment.model_validate(small.model_dump() | {"gradient_check": {"samples": 7}})
    assert checked != small
    plans = [plan({"same": experiment}, digits, range(3), 1).record for experiment in (checked, small)]
    assert plans[0] == plans[1]
    assert "gradient_check" not in small.model_dump()


EXPERIMENT = {
    "title": "checked",
    "settings": {
        "train": "data_batch_1", "val": "data_batch_2", "test": "test_batch", "preprocess": "center", "init": "he",
        "batch_size": 50, "epochs": 2, "shuffle": True, "learning_rate": 0.5, "hidden": [5],
    },
}  # fmt: skip
