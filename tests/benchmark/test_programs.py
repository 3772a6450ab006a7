"""The benchmark of wrong backward passes: what its index says of its programs is so."""

from __future__ import annotations

import ast
import difflib
from functools import cache
from pathlib import Path

import pytest
from wrong_backward_passes.evaluate import POINTS, RIGHT, WRONG, Truth, error, truth, value
from wrong_backward_passes.index import FOLDER, LEVELS, Entry, entries, kinds

ENTRIES = entries()
RIGHTS = {entry.right: entry.case for entry in ENTRIES}


def name(path: Path) -> str:
    return path.relative_to(FOLDER).with_suffix("").as_posix()


@cache
def ought(right: Path, case: Path) -> tuple[Truth, ...]:
    return tuple(truth(right, case, point) for point in POINTS)


def errors(program: Path, right: Path, case: Path) -> list[float]:
    return [
        error(value(program, case, point), has) for point, has in zip(POINTS, ought(right, case), strict=True)
    ]


def changed(entry: Entry) -> set[int]:
    """Lines of the wrong file that differ, and those round what is missing."""
    right, wrong = entry.right.read_text().splitlines(), entry.wrong.read_text().splitlines()
    lines = set()
    for tag, _, _, start, end in difflib.SequenceMatcher(None, right, wrong, autojunk=False).get_opcodes():
        if tag != "equal":
            lines |= {*range(start + 1, end + 1)} or {start, start + 1}
    return lines


@pytest.mark.parametrize("right", RIGHTS, ids=name)
def test_a_right_program_has_the_gradient_of_its_cost(right: Path) -> None:
    assert max(errors(right, right, RIGHTS[right])) < RIGHT


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.part}-{entry.id}")
def test_a_wrong_program_has_the_same_cost_and_another_gradient_at_every_size_and_seed(entry: Entry) -> None:
    found = errors(entry.wrong, entry.right, entry.case)
    assert min(found) > WRONG
    assert value(entry.wrong, entry.case, POINTS[0]).cost == pytest.approx(
        ought(entry.right, entry.case)[0].cost
    )


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.part}-{entry.id}")
def test_a_wrong_program_differs_from_the_right_one_where_the_index_says(entry: Entry) -> None:
    said = [set(bug.lines) for bug in entry.bugs]
    assert changed(entry) <= set.union(*said)
    assert all(lines & changed(entry) for lines in said)
    assert {kind for bug in entry.bugs for kind in bug.kinds} <= set(kinds())
    assert entry.level in LEVELS


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.part}-{entry.id}")
def test_the_functions_that_the_index_names_are_the_programs_own_and_variables_where_it_has_none(
    entry: Entry,
) -> None:
    tree = ast.parse(entry.right.read_text())
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    variables = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert {entry.cost, *entry.gradient.split(", ")} <= (names or variables)


def test_the_index_has_every_file_of_the_folder_once() -> None:
    listed = [entry.wrong for entry in ENTRIES]
    assert len(set(listed)) == len(listed)
    assert len({entry.id for entry in ENTRIES}) == len(ENTRIES)
    files = {path for part in ("public", "held_out") for path in (FOLDER / part).rglob("*.py")}
    assert files == {*listed, *RIGHTS, *RIGHTS.values()}


def test_the_parts_are_as_large_as_the_card_says() -> None:
    card = (FOLDER / "README.md").read_text()
    for part in ("public", "held_out"):
        wrong = entries(part)
        rights = {entry.right for entry in wrong}
        double = [entry for entry in wrong if len(entry.bugs) > 1]
        assert f"| `{part}` | {len(wrong)} | {len(double)} | {len(rights)} |" in card
