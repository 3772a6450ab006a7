"""Examples in docstrings give what they say, and what a reader would call has one."""

from __future__ import annotations

import ast
import doctest
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import chainrule
from chainrule import gradcheck, selfcheck
from chainrule.experiments.claims import Claim
from chainrule.searches.strategies import AnyStrategy

SOURCE = Path(chainrule.__file__).parent

EXPLAINED = (
    "data.batches", "data.splits", "data.transforms", "experiments.claims", "experiments.likelihood",
    "experiments.verdicts", "nn", "rng", "searches.dimensions", "searches.space", "statistics", "text",
    "train.schedules", "work.nets", "work.planner",
)  # fmt: skip
"""Modules and packages whose every public function has an example."""

ALSO = {
    "components.registry": ["Registry"],
    "data.datasets": ["load"],
    "data.prepared": ["prepare"],
    "experiments.recipes": ["adapted", "load", "names"],
    "files": ["safe_name", "write_text"],
    "machine.threads": ["available_cores"],
    "nn.network": ["Network.gradient", "Network.initial"],
    "records.base": ["Record"],
    "searches.search": ["read_search"],
    "searches.dimensions": ["Choices", "Range"],
    "searches.space": ["Space"],
    "searches.trials": ["chosen", "score"],
    "settings.settings": ["Settings"],
    "train.population": ["train"],
    "work.store": ["Store"],
}
"""Of modules with much that nobody calls by itself: what has an example."""


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")


def explained(module: str) -> list[str]:
    """The entries of :data:`EXPLAINED` that a module belongs to."""
    return [entry for entry in EXPLAINED if f"{module}.".startswith(f"chainrule.{entry}.")]


def named(path: Path) -> Iterator[str]:
    """What has to have an example in a file."""
    if explained(dotted(path)):
        functions = (node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef))
        yield from (function.name for function in functions if not function.name.startswith("_"))
    yield from ALSO.get(dotted(path).removeprefix("chainrule."), ())


def wanted() -> set[str]:
    faces = [getattr(face, name) for face in (chainrule, gradcheck, selfcheck) for name in face.__all__]
    classes = [*faces, *get_args(get_args(AnyStrategy)[0]), *get_args(get_args(Claim)[0])]
    inside = {f"{dotted(path)}.{name}" for path in SOURCE.rglob("*.py") for name in named(path)}
    return inside | {f"{known.__module__}.{known.__qualname__}" for known in classes}


def examples() -> list[doctest.DocTest]:
    finder = doctest.DocTestFinder()
    modules = [dotted(path) for path in sorted(SOURCE.rglob("*.py")) if ">>> " in path.read_text()]
    per_module = (finder.find(importlib.import_module(module), module) for module in modules)
    return [example for tests in per_module for example in tests if example.examples]


EXAMPLES = examples()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name.removeprefix("chainrule."))
def test_an_example_gives_what_it_says_and_leaves_nothing_behind(
    example: doctest.DocTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    failures: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF).run(example, out=failures.append)
    assert failures == [], "".join(failures)
    assert list(tmp_path.iterdir()) == []


def test_what_a_reader_would_call_has_an_example() -> None:
    assert wanted() - {example.name for example in EXAMPLES} == set()


def test_modules_that_are_to_have_examples_exist() -> None:
    modules = map(dotted, SOURCE.rglob("*.py"))
    assert {entry for module in modules for entry in explained(module)} == set(EXPLAINED)
