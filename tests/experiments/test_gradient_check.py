"""Which nets a recipe's gradient check covers, what is published of them, and what is refused."""

from __future__ import annotations

import pytest

from chainrule.config import Settings
from chainrule.errors import SettingsError
from chainrule.experiments import recipes
from chainrule.experiments.experiment import Experiment
from chainrule.experiments.gradient_check import CheckedNet, nets
from chainrule.experiments.plan import plan
from chainrule.experiments.reading import read_experiment

NINE = (50, 30, 20, 20, 10, 10, 10, 10)


def about(net: CheckedNet) -> tuple[object, ...]:
    one: Settings = net.settings
    return one.hidden, one.batch_norm, one.loss, net.l2


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("one_layer", [((), False, "cross_entropy", (0, 1))]),
        ("one_layer_centered", [((), False, "cross_entropy", (0, 1))]),
        (
            "one_layer_improved",
            [((), False, "cross_entropy", (0, 0.01)), ((), False, "hinge", (0, 0.0001))],
        ),
        ("two_layer", [((50,), False, "cross_entropy", (0, 0.01))]),
        (
            "deep_batch_norm",
            [
                ((50,), True, "cross_entropy", (0, 0.005)),
                ((50, 50), True, "cross_entropy", (0, 0.005)),
                ((50, 50), False, "cross_entropy", (0, 0.005)),
                (NINE, False, "cross_entropy", (0, 0.005)),
                (NINE, True, "cross_entropy", (0, 0.005)),
            ],
        ),
    ],
)
def test_every_architecture_of_a_recipe_is_checked_once_with_and_without_l2(name, expected):
    assert [about(net) for net in nets(recipes.load(name))] == expected


def test_published_figures_are_those_of_the_net_and_l2_and_comparison():
    (net,) = nets(recipes.load("one_layer_centered"))
    assert net.figures(0, "analytic-central", "W1")["largest_absolute"] == "0.081e-6"
    assert net.figures(1, "analytic-central", "W1")["largest_absolute"] == "0.125e-6"
    assert net.figures(1, "forward-central", "b1")["mean_relative"] == "0.003e-4"
    assert net.figures(0.1, "analytic-central", "W1") == {}
    assert net.figures(0, "analytic-complex", "W1") == {}
    two, three = nets(recipes.load("deep_batch_norm"))[:2]
    assert two.figures(0, "analytic-central", "b1") == {"relative_norm": "2.220446090885151e-05"}
    assert three.figures(0, "analytic-central", "gamma2") == {"relative_norm": "9.418002694982601e-10"}
    assert two.figures(0, "analytic-central", "gamma2") == {}


def test_all_nets_with_or_without_batch_norm():
    recipe = recipes.load("deep_batch_norm")
    assert [about(net)[:2] for net in nets(recipe, batch_norm=False)] == [
        ((50,), False), ((50, 50), False), (NINE, False),
    ]  # fmt: skip
    normed = nets(recipe, batch_norm=True)
    assert [about(net)[:2] for net in normed] == [((50,), True), ((50, 50), True), (NINE, True)]
    assert [len(net.published) for net in normed] == [1, 1, 0]
    assert all(net.published == () for net in nets(recipe, batch_norm=False))
    with pytest.raises(SettingsError, match="no hidden layer to normalise"):
        nets(recipes.load("one_layer"), batch_norm=True)


def test_on_other_data_the_same_nets_are_checked_and_nothing_is_published():
    recipe = recipes.load("deep_batch_norm").on("digits")
    found = nets(recipe)
    assert [about(net) for net in found] == [about(net) for net in nets(recipes.load("deep_batch_norm"))]
    assert all(net.figures(0, "analytic-central", "W1") == {} for net in found)


def test_a_check_is_no_part_of_a_plan(job):
    task = job()
    small = task.experiments["small"]
    checked = Experiment.model_validate({**EXPERIMENT, "gradient_check": {"samples": 7}})
    bare = Experiment.model_validate(EXPERIMENT)
    assert checked != bare
    plans = [plan(task.dataset, {"one": one}, range(3), 1) for one in (checked, bare)]
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
    first, second = nets(read_experiment(path))
    assert about(first)[:2] == ((5, 4), True)
    assert first.figures(0, "analytic-central", "W3") == {"mean_absolute": "2e-9"}
    assert about(second)[:2] == ((5,), False)
