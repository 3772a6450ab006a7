"""A package's docstring is its table of contents: a line for each of its modules, and for nothing else."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

import chainrule

SOURCE = Path(chainrule.__file__).parent
PACKAGES = sorted(path.parent for path in SOURCE.rglob("__init__.py"))
LINE = re.compile(r"^- ``(\w+/?)``: \S", re.MULTILINE)
"""A line of a table: ``- ``name``: what it is.``, a package's name with a slash."""


def table(package: Path) -> list[str]:
    return LINE.findall(ast.get_docstring(ast.parse((package / "__init__.py").read_text())) or "")


def held(package: Path) -> list[str]:
    """What a package holds, as its table is to name it."""
    modules = [path.stem for path in package.glob("*.py") if not path.stem.startswith("__")]
    return modules + [f"{path.parent.name}/" for path in package.glob("*/__init__.py")]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.relative_to(SOURCE.parent).as_posix())
def test_the_table_of_a_package_names_all_that_it_holds_and_nothing_else(package: Path) -> None:
    assert sorted(table(package)) == sorted(held(package)), (
        "write `- ``name``: what it is.` for each in its __init__"
    )


def test_the_table_of_the_whole_goes_from_the_ground_up() -> None:
    contracts = tomllib.loads((SOURCE.parents[1] / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    storeys = {
        name: -height for height, layer in enumerate(contracts[0]["layers"]) for name in layer.split(" | ")
    }
    heights = [storeys[name.rstrip("/")] for name in table(SOURCE)]
    assert heights == sorted(heights)
