"""Where things stand: a module's test is found by its name, and a name means a single thing."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

import chainrule
from chainrule.gradcheck.catalogue import FAMILIES

SOURCE = Path(chainrule.__file__).parent
GRADCHECK = SOURCE / "gradcheck"
TESTS = Path(__file__).parent
MOST_IN_TOP_FOLDER = 8

TESTED_TOGETHER = {
    **{f"catalogue/{family.name}.py": "catalogue/test_records.py" for family in FAMILIES},
    **{
        f"diagnosis/mistakes/{path.name}": "diagnosis/test_mistakes.py"
        for path in (GRADCHECK / "diagnosis" / "mistakes").glob("*.py")
    },
}
"""Modules without a test of their name: records of the same kind, each of which is a case of one test."""

OF_NO_MODULE = {
    "catalogue/test_catalogue.py": "the catalogue as a whole, which stands in its __init__",
    "catalogue/test_records.py": "the records of all families",
    "diagnosis/test_mistakes.py": "the mistakes of all areas",
}
"""Tests in the folder of a wing that are of no one module, and what they are of."""

SAME_NAME = {"Cache": {"nn/affine.py", "nn/batchnorm.py"}}
"""Classes of one name: what each layer of a net keeps, known by its module."""

ALIASES = {"numpy": "np", "altair": "alt"}
"""Modules that everybody calls by another name."""


MODULES = [path.relative_to(GRADCHECK) for path in GRADCHECK.rglob("*.py") if path.name != "__init__.py"]
FILES = sorted(SOURCE.rglob("*.py"))


def mirrored(module: Path) -> Path:
    return module.with_name(f"test_{module.name}")


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def named_types(path: Path) -> Iterator[str]:
    """Classes, and at the top aliases of types, which are written like classes."""
    tree = parsed(path)
    yield from (node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            name = target.id if isinstance(target, ast.Name) else ""
            if name.lstrip("_")[:1].isupper() and not name.isupper():
                yield name


def is_module(name: str) -> bool:
    """Whether a dotted name of ours is a module or a package."""
    place = SOURCE.parent.joinpath(*name.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


def aliases(path: Path) -> Iterator[tuple[str, str]]:
    """Modules that a file imports under another name."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((each.name, each.asname) for each in node.names if each.asname)
        elif isinstance(node, ast.ImportFrom):
            inside = ((f"{node.module}.{each.name}", each.asname) for each in node.names if each.asname)
            yield from ((name, alias) for name, alias in inside if is_module(name))


@pytest.mark.parametrize("module", sorted(MODULES), ids=lambda module: module.as_posix())
def test_the_test_of_a_module_is_found_by_its_name(module: Path) -> None:
    wanted = TESTED_TOGETHER.get(module.as_posix(), mirrored(module).as_posix())
    assert (TESTS / wanted).is_file()


def test_a_module_that_is_tested_with_others_has_no_test_of_its_own_beside() -> None:
    assert [name for name in TESTED_TOGETHER if (TESTS / mirrored(Path(name))).exists()] == []


def test_every_test_in_the_folder_of_a_wing_is_that_of_a_module() -> None:
    tests = {path.relative_to(TESTS).as_posix() for path in TESTS.glob("*/**/test_*.py")}
    assert tests - {mirrored(module).as_posix() for module in MODULES} == set(OF_NO_MODULE)


def test_what_many_modules_share_stands_in_a_wing_and_the_top_folder_is_small() -> None:
    files = [path.name for path in GRADCHECK.iterdir() if path.is_file()]
    assert len(files) <= MOST_IN_TOP_FOLDER, files


def test_the_name_of_a_type_is_given_once() -> None:
    places = defaultdict(list)
    for path in FILES:
        for name in named_types(path):
            places[name.lstrip("_")].append(path.relative_to(SOURCE).as_posix())
    shared = {name: set(files) for name, files in places.items() if len(files) > 1}
    assert shared == SAME_NAME
    assert all(len(places[name]) == len(files) for name, files in shared.items())


def test_a_module_is_called_by_its_own_name() -> None:
    every = {path.relative_to(SOURCE).as_posix(): set(aliases(path)) - set(ALIASES.items()) for path in FILES}
    assert {file: others for file, others in every.items() if others} == {}
