"""Unknowns of a table: how they are crossed, what they set, and what is refused."""

from __future__ import annotations

import pytest

from chainrule.errors import SettingsError
from chainrule.experiments import recipes, unknowns
from chainrule.experiments.reading import read_experiment

TABLE = """
title = "t"
inferred = ["shuffle", "l2"]

[not_tried]
l2 = "no reason"

[settings]
train = "data_batch_1"
val = "data_batch_2"
test = "test_batch"
preprocess = "center"
init = { normal = 0.01 }
batch_size = 50
epochs = 2
shuffle = true
learning_rate = 0.5

[[rows]]
name = "a"
published = { test_accuracy = "0.80" }

[[rows]]
name = "b"
set = { l2 = 1.0 }
published = { test_accuracy = "0.70" }

[[rows]]
name = "c"

[[unknowns]]
name = "shuffle"
rows = ["a", "b"]
crossed = true
assumed = "yes"
alternatives = [{ name = "no", set = { shuffle = false } }]

[[unknowns]]
name = "rate"
rows = ["a"]
crossed = true
assumed = "0.5"
alternatives = [{ name = "0.1", set = { learning_rate = 0.1 } }, { name = "1", set = { learning_rate = 1.0 } }]

[[unknowns]]
name = "init"
rows = ["b"]
assumed = "normal"
alternatives = [{ name = "He", set = { init = "he" } }]
"""


@pytest.fixture
def read(tmp_path):
    def from_text(old="", new=""):
        assert old in TABLE
        path = tmp_path / "table.toml"
        path.write_text(TABLE.replace(old, new, 1) if old else TABLE + new)
        return read_experiment(path)

    return from_text


def test_crossed_unknowns_are_one_group_and_every_other_one_is_its_own(read):
    crossed, alone = unknowns.groups(read().unknowns)
    assert [unknown.name for unknown in crossed] == ["shuffle", "rate"]
    assert [unknown.name for unknown in alone] == ["init"]
    assert unknowns.bearing(crossed) == ["a", "b"]
    assert unknowns.choices(crossed) == [
        {"shuffle": order, "rate": rate} for order in ("yes", "no") for rate in ("0.5", "0.1", "1")
    ]


def test_a_choice_sets_what_bears_on_a_row_and_nothing_else(read):
    table = read()
    crossed, alone = unknowns.groups(table.unknowns)
    a, b, _ = table.rows
    choice = {"shuffle": "no", "rate": "1"}
    rows = {row.name: row.set for row in (a, b)}
    assert unknowns.under(a.name, rows, crossed, choice) == {"shuffle": False, "learning_rate": 1.0}
    assert unknowns.under(b.name, rows, crossed, choice) == {"l2": 1.0, "shuffle": False}
    assert unknowns.under(b.name, rows, alone, {"init": "He"}) == {"l2": 1.0, "init": "he"}
    assert unknowns.under(b.name, rows, alone, {"init": "normal"}) == b.set


def test_what_a_plan_of_training_says_knows_nothing_of_unknowns(read):
    assert not {"unknowns", "not_tried"} & read().model_dump(mode="json").keys()


def test_nothing_is_unknown_where_nothing_is_published(read):
    assert read().on("digits").unknowns == ()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('rows = ["a", "b"]', 'rows = ["a", "bb"]', "unknown 'shuffle' names the row 'bb'; did you mean 'b'?"),
        ('rows = ["a", "b"]', 'rows = ["a", "c"]', "row 'c' publishes nothing that could bear on it"),
        ('name = "rate"', 'name = "shuffle"', "unknowns: the name 'shuffle' is given twice"),
        ('name = "0.1"', 'name = "0.5"', "unknown 'rate': the candidate '0.5' is given twice"),
        ("set = { shuffle = false }", "set = {}", "unknowns.0.alternatives.0.set = {}"),
        ("shuffle = false", "shuffle = true", "unknown 'shuffle': 'no' changes nothing of row 'a'; leave the row out"),
        ("shuffle = false", "shufle = false", "shufle: is no known key; did you mean 'shuffle'?"),
        ("learning_rate = 0.1", "learning_rate = -1", "row 'a, rate: 0.1', 'a, shuffle: no, rate: 0.1': learning_rate"),
        ("shuffle = false", "learning_rate = 0.3", "are crossed and both set learning_rate of row 'a'"),
        ('l2 = "no reason"', 'l3 = "no reason"', "not_tried: 'l3' is no inferred entry"),
        ('l2 = "no reason"', 'shuffle = "no"', "not_tried: 'shuffle' is an unknown too"),
        ('assumed = "yes"', "", "unknowns.0.assumed: is missing"),
    ],
)  # fmt: skip
def test_what_is_impossible_is_refused_in_a_line(read, old, new, problem):
    with pytest.raises(SettingsError) as caught:
        read(old, new)
    assert [line for line in caught.value.problems if problem in line], caught.value.problems


def test_too_many_combinations_are_refused(read):
    many = ", ".join(f'{{ name = "l2 {i}", set = {{ l2 = 0.{i} }} }}' for i in range(1, 5))
    penalty = f'\n[[unknowns]]\nname = "p"\nrows = ["a"]\ncrossed = CROSSED\nassumed = "0"\nalternatives = [{many}]\n'
    assert len(read(new=penalty.replace("CROSSED", "false")).unknowns) == 4
    with pytest.raises(SettingsError, match="the crossed ones have 30 combinations, 24 at most"):
        read(new=penalty.replace("CROSSED", "true"))


@pytest.mark.parametrize("name", recipes.names())
def test_every_inferred_entry_of_a_recipe_has_candidates_or_a_reason(name):
    recipe = recipes.load(name)
    covered = {*(unknown.name for unknown in recipe.unknowns), *recipe.not_tried}
    assert set(recipe.every_inferred()) <= covered
    assert recipe.unknowns
