"""``chainrule recipes``."""

from __future__ import annotations

import json
from importlib import resources

from chainrule.cli.app import run
from chainrule.data.datasets import load
from chainrule.experiments import recipes
from chainrule.experiments.plan import plan


def test_recipes_are_listed_and_shown(capsys):
    assert run(["recipes"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == recipes.names()
    assert run(["recipes", "show", "one_layer_centered"]) == 0
    text = capsys.readouterr().out
    for piece in (
        "0.516",
        "0.370",
        "A. Bea",
        "shuffle",
        "without l2 the accuracy is higher",
        "batch_size = 100",
    ):
        assert piece in text
    assert run(["recipes", "show", "one_layer", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"][0]["published"] == {"test_accuracy": "0.2673"}


def test_every_recipe_has_its_place_in_the_order():
    files = resources.files("chainrule").joinpath("recipes").iterdir()
    assert {file.name for file in files if file.name.endswith(".toml")} == {
        f"{name}.toml" for name in recipes.names()
    }


def test_every_recipe_can_be_planned_on_digits_where_nothing_is_published():
    digits = load("digits")
    scaled = {name: recipes.adapted(recipe, digits) for name, recipe in recipes.load_all([]).items()}
    planned = plan(scaled, digits, range(2), 1)
    assert set(planned.tables) == set(recipes.names())
    assert planned.work > 0
    assert {bool(row.published) for recipe in scaled.values() for row in recipe.rows} == {False}
