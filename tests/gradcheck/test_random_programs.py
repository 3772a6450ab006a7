"""A sample of the random programs: they are what they are said to be, and some are checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.file_check import check_file
from chainrule.gradcheck.sandbox.process import Limits
from support.random_programs.program import WRONG, random_program

SAMPLE = 60


def test_right_ones_are_right_and_many_sided() -> None:
    made = [random_program(number, wrong=False) for number in range(SAMPLE)]
    assert len({program.text for program in made}) == SAMPLE
    for part in ("1 layers", "3 layers", "hinge", "binary", "softplus", "batch norm", "object of lists",
                 "list of dictionaries", "rows", "columns", "in a loop", "written out", "berakna_kostnad"):  # fmt: skip
        assert any(part in program.design.words for program in made), part


def test_wrong_ones_are_wrong_by_one_mistake() -> None:
    made = [random_program(number, wrong=True) for number in range(SAMPLE)]
    assert min(program.difference for program in made) > WRONG
    assert len({program.mistake for program in made}) > 20


@pytest.mark.parametrize("wrong", [False, True])
def test_a_number_is_a_program(wrong: bool) -> None:
    first, again, another = (random_program(number, wrong=wrong) for number in (3, 3, 4))
    assert first == again
    assert first.text != another.text


@pytest.mark.parametrize(("number", "wrong"), [(5, False), (4, True)])
def test_they_are_judged_rightly(tmp_path: Path, number: int, wrong: bool) -> None:
    program = random_program(number, wrong=wrong)
    path = tmp_path / "net.py"
    path.write_text(program.text)
    found = check_file(path, Conditions(Limits(60.0), explained=False))
    assert found.verdict == ("wrong" if wrong else "right"), program.design.words
