"""The page of the architecture names places that exist, packages as they may import each other, and short walks."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "chainrule"
PAGE = (ROOT / "docs" / "architecture.md").read_text()
PLACES = sorted(set(re.findall(r"`((?:\w+/)*\w+\.py)(?::([\w.]+))?`", PAGE)))
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S))
WALKS = {title: text for title, text in SECTIONS.items() if "\n1. " in text}
MOST_STOPS = 10


def defined(body: list[ast.stmt], prefix: str = "") -> set[str]:
    """Functions, classes, methods and constants, by name."""
    names: set[str] = set()
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(prefix + node.name)
            if isinstance(node, ast.ClassDef):
                names |= defined(node.body, f"{prefix}{node.name}.")
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names |= {prefix + target.id for target in targets if isinstance(target, ast.Name)}
    return names


@pytest.mark.parametrize(("file", "name"), PLACES, ids=lambda part: part)
def test_a_place_exists(file: str, name: str) -> None:
    path = SOURCE / file
    assert file == "cli/NAME.py" or path.is_file()
    assert not name or name in defined(ast.parse(path.read_text()).body)


@pytest.mark.parametrize("title", WALKS)
def test_a_walk_has_ten_stops_at_most_each_with_a_place(title: str) -> None:
    stops = re.findall(r"^(\d+)\. `[\w/]+\.py:[\w.]+`: \S", WALKS[title], re.M)
    numbered = re.findall(r"^\d+\. ", WALKS[title], re.M)
    assert stops == [str(number) for number in range(1, len(numbered) + 1)]
    assert len(stops) <= MOST_STOPS


def test_there_is_a_walk_for_each_thing_that_goes_through_the_house() -> None:
    assert [title.split(",")[0] for title in WALKS] == [
        "A minibatch", "A user's gradient", "A published number", "A search's trial",
    ]  # fmt: skip


def test_the_packages_lie_as_they_may_import_each_other() -> None:
    block = SECTIONS["The packages"].split("```\n")[1]
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert [re.split(r"\s{2,}", line)[0] for line in block.splitlines()] == contracts[0]["layers"]


def test_the_page_can_be_reached() -> None:
    assert "](docs/architecture.md)" in (ROOT / "README.md").read_text()
