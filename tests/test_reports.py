"""The list of the reports' sentences: each place exists and holds what the list says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from chainrule.experiments import recipes

ROOT = Path(__file__).parents[1]
LIST = (ROOT / "docs" / "reports.md").read_text()
SENTENCES = re.findall(r"^\| (?!the report says|---)(.*) \| (.*) \|$", LIST, re.MULTILINE)
PLACES = sorted({place for _, held in SENTENCES for place in re.findall(r"`([^`]*)`", held)})


def recipe(name: str) -> dict[str, Any]:
    """A recipe as its document stands, with defaults that it leaves out."""
    document = tomllib.loads((ROOT / "src" / "chainrule" / "recipes" / f"{name}.toml").read_text())
    return {"dataset": recipes.WRITTEN_FOR, **document}


def looked_up(document: Any, path: str) -> Any:
    """What stands at ``rows[a name].published.test_accuracy``: entries of lists by name, text or number."""
    here = document
    for key, entry in re.findall(r"([A-Za-z_]\w*)|\[([^\]]*)\]", path):
        if key:
            here = here[key]
        elif entry.isdigit():
            here = here[int(entry)]
        else:
            (here,) = [each for each in here if entry in (each.get("name"), each.get("text"))]
    return here


def written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_every_sentence_is_held_somewhere_or_says_why_not():
    assert len(SENTENCES) > 100
    assert [sentence for sentence, held in SENTENCES if not re.search(r"`|^nowhere: ", held)] == []


def test_every_recipe_has_its_list():
    assert re.findall(r"^## (\w+)$", LIST, re.MULTILINE) == recipes.names()


@pytest.mark.parametrize("place", PLACES)
def test_the_place_exists_and_holds_what_the_list_says(place):
    if re.match(r"\w+: ", place):
        name, _, there = place.partition(": ")
        path, value = re.fullmatch(r"((?:\.?[A-Za-z_]\w*|\[[^\]]*\])+)(?: = (.*))?", there).groups()
        held = looked_up(recipe(name), path)
        assert value is None or written(held) == value
    else:
        file, _, what = place.partition("::")
        assert (ROOT / file).is_file()
        assert what in (ROOT / file).read_text()


@pytest.mark.parametrize("place", ["one_layer: rows[no such].name", "one_layer: settings.epoch"])
def test_a_place_that_does_not_exist_is_noticed(place):
    with pytest.raises((KeyError, ValueError)):
        test_the_place_exists_and_holds_what_the_list_says(place)
