"""What a report says of its own gradient check: read, refused where it cannot be, and no part of a plan."""

from __future__ import annotations

import pytest

from chainrule.errors import SettingsError
from chainrule.experiments.experiment import Experiment
from chainrule.experiments.plan import plan
from chainrule.experiments.reading import read_experiment
from chainrule.selfcheck import checked_nets


def test_a_check_is_no_part_of_a_plan(digits, small):
    checked = Experiment.model_validate({**EXPERIMENT, "gradient_check": {"samples": 7}})
    bare = Experiment.model_validate(EXPERIMENT)
    assert checked != bare
    plans = [plan({"same": experiment}, digits, range(3), 1).record for experiment in (checked, bare)]
    assert plans[0] == plans[1]
    assert "gradient_check" not in small.model_dump()


EXPERIMENT = {
    "title": "checked",
    "settings": {
        "train": "data_batch_1", "val": "data_batch_2", "test": "test_batch", "preprocess": "center", "init": "he",
        "batch_size": 50, "epochs": 2, "shuffle": True, "learning_rate": 0.5, "hidden": [5],
    },
}  # fmt: skip

FILE = """
title = "checked"
[settings]
train = "data_batch_1"
val = "data_batch_2"
test = "test_batch"
preprocess = "center"
init = "he"
batch_size = 50
epochs = 2
shuffle = true
learning_rate = 0.5
hidden = [5]

[gradient_check]
{check}
"""

LINE = '[[gradient_check.published]]\ncompared = "analytic-central"\n'


@pytest.mark.parametrize(
    ("check", "problem"),
    [
        ("samples = 0", "samples = 0"),
        ("sample = 10", "gradient_check.sample: is no known key; did you mean 'samples'"),
        ('[[gradient_check.published]]\ncompared = "analytic"', "compared = 'analytic': did you mean 'analytic-"),
        (LINE + 'largest = { W1 = "1e-9" }', "largest: is no known key; did you mean 'largest_"),
        (LINE + 'relative_norm = { V1 = "1e-9" }', "name a parameter with its layer"),
        (LINE + "relative_norm = { W1 = 1e-9 }", "write the number as printed, in quotes"),
        (LINE + 'relative_norm = { W3 = "1e-9" }', "published line 1 names W3, which a net of 2 layers"),
        (LINE + 'mean_absolute = { gamma1 = "1e-9" }', "names gamma1, which a net of 2 layers without batch norm"),
        (LINE + 'set = { hiden = [3] }', "hiden: is no known key; did you mean 'hidden'"),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_in_one_line(tmp_path, check, problem):
    path = tmp_path / "mine.toml"
    path.write_text(FILE.format(check=check))
    with pytest.raises(SettingsError) as refusal:
        read_experiment(path)
    assert len(refusal.value.problems) == 1
    assert problem in refusal.value.problems[0]


def test_parameters_of_the_line_s_own_net_are_known(tmp_path):
    path = tmp_path / "mine.toml"
    own = 'set = { hidden = [5, 4], batch_norm = true }\nmean_absolute = { gamma2 = "1e-9", W3 = "2e-9" }'
    path.write_text(FILE.format(check=LINE + own))
    first, second = checked_nets(read_experiment(path))
    assert (first.settings.hidden, first.settings.batch_norm) == ((5, 4), True)
    assert first.figures(0, "analytic-central", "W3") == {"mean_absolute": "2e-9"}
    assert (second.settings.hidden, second.settings.batch_norm) == ((5,), False)
