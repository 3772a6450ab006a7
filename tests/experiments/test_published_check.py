"""What a report says of its own gradient check: read, refused where it cannot be, and no part of a plan."""

from __future__ import annotations

import pytest

from chainrule.errors import SettingsError
from chainrule.experiments import recipes
from chainrule.experiments.reading import read_experiment
from chainrule.selfcheck import checked_nets

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

STAGE = "[[gradient_check.course]]\nsamples = {}\n{}"
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
        ("eps = 0", "eps = 0"),
        ("below = -1e-6", "below = -1e-06"),
        (LINE + 'share_below = { W1 = "1" }', "share_below is of which threshold? add it, such as below = 1e-6"),
        (STAGE.format(2, 'mistake = "log_of_sum"'), "mistake = 'log_of_sum': "),
        (STAGE.format(0, ""), "samples = 0"),
        (STAGE.format(2, 'relative_norm = { W3 = "1e-9" }'), "course, stage 1 names W3, which a net of 2 layers"),
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


@pytest.mark.parametrize(
    ("setting", "stage", "problem"),
    [
        ('loss = "hinge"', 'mistake = "logarithm_of_sum"', "loss = 'hinge' has none of; drop the mistake"),
        ("batch_norm = true", "", "has samples = 1, but batch norm needs 2 or more"),
    ],
)
def test_stages_that_the_first_row_s_net_cannot_take_are_refused(tmp_path, setting, stage, problem):
    path = tmp_path / "mine.toml"
    text = FILE.format(check=STAGE.format(1, stage))
    path.write_text(text)
    assert len(read_experiment(path).gradient_check.course) == 1
    path.write_text(text.replace("hidden = [5]", f"hidden = [5]\n{setting}"))
    with pytest.raises(SettingsError) as refusal:
        read_experiment(path)
    (line,) = refusal.value.problems
    assert problem in line


def test_another_threshold_leaves_out_the_shares_of_the_published_one_and_no_other_figure():
    check = recipes.load("two_layer").gradient_check
    assert check.with_threshold(1e-6) == check
    other = check.with_threshold(1e-8)
    assert (check.below, other.below) == (1e-6, 1e-8)
    assert check.published[0].of("W1") == {"largest_absolute": "2.1387933624161803e-07", "share_below": "1.0"}
    assert other.published[0].of("W1") == {"largest_absolute": "2.1387933624161803e-07"}


def test_on_other_data_a_course_keeps_its_stages_and_loses_what_is_published():
    check = recipes.load("one_layer").gradient_check
    bare = check.bare()
    assert [(stage.samples, stage.mistake) for stage in bare.course] == [
        (stage.samples, stage.mistake) for stage in check.course
    ]
    assert {stage.said for stage in check.course} == {"sky high", ""}
    assert check.course[2].of("W1") == {"relative_norm": "0.33"}
    assert all(stage.said == "" and stage.of("W1") == {} for stage in bare.course)


ONE, TWO = ("W1", "b1"), ("W1", "b1", "W2", "b2")
NORMED = ("W1", "b1", "gamma1", "beta1", "W2", "b2")


@pytest.mark.parametrize(
    ("name", "below", "parameters"),
    [
        ("one_layer_centered", 1e-6, [ONE] * 6),
        ("two_layer", 1e-6, [TWO]),
        ("deep_batch_norm", 1.5e-8, [NORMED, (*NORMED, "gamma2", "beta2", "W3", "b3")]),
    ],
)
def test_where_a_report_says_that_every_entry_differs_by_less_its_recipe_does(name, below, parameters):
    check = recipes.load(name).gradient_check
    assert check.below == below
    shares = [{name: float(share) for name, share in line.share_below.items()} for line in check.published]
    assert shares == [dict.fromkeys(names, 1.0) for names in parameters]


def test_parameters_of_the_line_s_own_net_are_known(tmp_path):
    path = tmp_path / "mine.toml"
    own = 'set = { hidden = [5, 4], batch_norm = true }\nmean_absolute = { gamma2 = "1e-9", W3 = "2e-9" }'
    path.write_text(FILE.format(check=LINE + own))
    first, second = checked_nets(read_experiment(path))
    assert (first.settings.hidden, first.settings.batch_norm) == ((5, 4), True)
    assert first.figures(0, "analytic-central", "W3") == {"mean_absolute": "2e-9"}
    assert (second.settings.hidden, second.settings.batch_norm) == ((5,), False)
