"""Tables of experiments: rows over what is common, names, what rows rule out."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainrule.experiments.reading import read_experiment
from chainrule.nn.inits.normal import Normal
from chainrule.train.schedules.decay import Decay
from support.tables import GOOD, lines


def test_a_file_without_rows_is_one_row(read):
    settings = read(GOOD + "learning_rate = 0.1").resolved()
    assert list(settings) == ["all"]
    assert settings["all"].learning_rate == 0.1
    assert settings["all"].init == Normal(normal=0.01)
    assert settings["all"].l2 == 0.0


def test_rows_set_over_what_is_common(read):
    rows = """
learning_rate = 1
[[rows]]
name = "a"
set = { l2 = 1, learning_rate = { start = 0.2, decay_per_epoch = 0.9 }, hidden = [50, 30] }
[[rows]]
name = "b"
"""
    settings = read(GOOD + rows).resolved()
    assert settings["a"].learning_rate == Decay(start=0.2, decay_per_epoch=0.9)
    assert settings["a"].hidden == (50, 30)
    assert (settings["b"].learning_rate, settings["b"].l2) == (1.0, 0.0)


def test_all_problems_at_once(read):
    text = """
learning_rate = -1
hiden = [3]
[[rows]]
name = "a"
set = { l2 = -1 }
published = { test_acc = "0.1", val_accuracy = "0.3x" }
[[rows]]
name = "a"
set = { batch_sise = 3 }
[[claims]]
text = "q"
predicate = "lowr"
"""
    found = lines(read, GOOD + text)
    assert len(found) == 7, found
    assert "row 'a': l2 = -1: should be greater than or equal to 0" in found


def test_names_in_claims_and_metrics_are_checked(read):
    text = """
learning_rate = 1
[[rows]]
name = "fast"
published = { val_accuracy = "0.3" }
[[rows]]
name = "fast"
[[claims]]
text = "q"
predicate = "lower"
quantity = "loss_gap"
row = "fats"
than = "fast"
"""
    found = lines(read, GOOD + text)
    assert "rows: the name 'fast' is given twice" in found
    assert "claims: 'q' names the row 'fats'; did you mean 'fast'?" in found
    assert "rows: 'fast' publishes val_accuracy, which metrics does not list; add it there" in found


@pytest.mark.parametrize(
    "text",
    [
        "order = 'shared'\n[[rows]]\nname = 'fast'\npublished = { test_accuracy = '0.3' }",
        "[[rows]]\nname = 'fast'\nset = { order = 'shared' }\npublished = { test_accuracy = '0.3' }",
    ],
)
def test_no_published_number_is_judged_by_seeds_of_one_order(read, text):
    expected = (
        "rows: 'fast': order = 'shared', but an interval about a published number must hold every chance"
    )
    assert any(line.startswith(expected) for line in lines(read, f"{GOOD}learning_rate = 1\n{text}"))
    unpublished = text.partition("published")[0]
    assert read(f"{GOOD}learning_rate = 1\n{unpublished}").resolved()["fast"].order == "shared"


def test_what_other_runs_told_is_a_strict_record(read):
    text = """
learning_rate = 1
[[found]]
text = "it is so"
seeds = 0
date = "May"
comand = "c"
"""
    told = lines(read, GOOD + text)
    assert "found.0.seeds = 0: should be greater than or equal to 1" in told
    assert "found.0.comand: is no known key; did you mean 'command'?" in told
    assert any(line.startswith("found.0.date = 'May'") for line in told)
    (run,) = read(GOOD + text[: text.index("seeds")]).found
    assert (run.text, run.seeds) == ("it is so", None)


def test_what_rows_rule_out_is_refused(read):
    rows = """
learning_rate = 1
[[rows]]
name = "deep"
set = { hidden = [5] }
[[rows]]
name = "brief"
set = { evaluate = "validation" }
[[claims]]
text = "q"
predicate = "same_distribution"
of = "gradients"
row = "deep"
to = "deep"
margin = 0.1
"""
    assert list(dict.fromkeys(lines(read, 'gradient_histograms = ["deep"]' + GOOD + rows))) == [
        "gradient_histograms: row 'deep' has hidden layers; only one layer is shown",
        "claims: 'q': row 'deep' has hidden layers; only gradients of one layer can be compared",
        "row 'brief': evaluate = 'validation' measures val_accuracy alone; drop it or the other metrics",
    ]


def test_settings_of_searches_are_checked(read):
    text = (
        GOOD.replace("epochs = 40", "")
        + """
learning_rate = 1
[[searches]]
name = "s"
space = { l2 = [0, -1], batch_size = [10] }
strategy = { kind = "grid", inits = 1 }
"""
    )
    assert lines(read, text, "l2=3", "batch_size=5") == [
        "--set l2=3: l2 is set by s; edit the file",
        "--set batch_size=5: batch_size is set by s; edit the file",
        "epochs: is missing and has no default; add it",
        "row 'search s': l2 = -1: should be greater than or equal to 0",
    ]


def test_the_wide_example_is_read_and_augments():
    example = Path(__file__).parents[2] / "examples" / "wide.toml"
    settings = read_experiment(example).resolved()["wide"]
    assert settings.augment is not None
    assert (settings.batch_norm, settings.augment.flip, settings.label_smoothing) == (True, True, 0.1)
