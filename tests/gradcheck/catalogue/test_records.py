"""The records say something, and say what is so: each wrong line makes its own bug in the small programs."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import numpy as np
import pytest

from chainrule.gradcheck.catalogue import BUGS, Bug
from chainrule.gradcheck.catalogue.unknown import UNKNOWN
from chainrule.gradcheck.check import Check, check
from chainrule.gradcheck.recognition import adapter
from support.corpus.mutation import load

PROGRAMS = {path.stem: path.read_text() for path in (Path(__file__).parent / "programs").glob("*.py")}
SEED = 0


def checked(source: str, stem: str) -> Check:
    program = load(source, stem)
    return check(adapter.declared_program(program.chainrule_check, np.random.default_rng(SEED)), seed=SEED)


def lines(text: str, indentation: str) -> str:
    return textwrap.indent(text, indentation) + "\n"


def indentations(source: str, text: str) -> list[str]:
    """Those with which the text stands in a source as whole lines, one for each place."""
    first, *_ = text.splitlines()
    spaces = re.findall(rf"^( *){re.escape(first)}$", source, re.MULTILINE)
    return [space for space in spaces if f"\n{lines(text, space)}" in source]


def mistaken(source: str, bug: Bug) -> str | None:
    """The program with the bug; None where its right lines do not stand there exactly once."""
    places = indentations(source, bug.right)
    if len(places) != 1:
        return None
    (space,) = places
    return source.replace(f"\n{lines(bug.right, space)}", f"\n{lines(bug.wrong, space)}")


@pytest.mark.parametrize("stem", sorted(PROGRAMS))
def test_a_small_program_is_right_as_it_stands(stem: str) -> None:
    outcome = checked(PROGRAMS[stem], stem)
    assert outcome.verdict == "right", str(outcome)


# What no bug explains is looked for in all ways that there are, which takes long.
@pytest.mark.parametrize(
    "bug",
    [pytest.param(bug, marks=[pytest.mark.corpus] if bug is UNKNOWN else []) for bug in BUGS.values()],
    ids=BUGS,
)
def test_the_wrong_lines_in_the_place_of_the_right_ones_make_the_bug(bug: Bug) -> None:
    wrong = {stem: mistaken(source, bug) for stem, source in PROGRAMS.items()}
    outcomes = [checked(source, stem) for stem, source in wrong.items() if source is not None]
    assert outcomes, "the right lines stand in no small program"
    for outcome in outcomes:
        assert outcome.verdict == "wrong", str(outcome)
        assert bug.name in [cause.name for cause in outcome.tied], str(outcome)


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_every_record_is_filled_in(bug: Bug) -> None:
    texts = (bug.what, bug.why, bug.wrong, bug.right, bug.repair)
    assert all(texts)
    assert all(line == line.rstrip() for text in texts for line in text.split("\n"))
    assert all(text == text.lstrip() for text in texts)
    assert bug.wrong != bug.right


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_what_it_is_and_its_repair_are_a_line_each_and_the_reason_is_a_paragraph(bug: Bug) -> None:
    assert not any("\n" in text for text in (bug.what, bug.why, bug.repair))
    assert bug.what[-1] != "."
    assert bug.what[0] == bug.what[0].lower()
    assert bug.why[-1] == "."
    assert 2 <= len(re.findall(r"\.(?: |$)", bug.why)) <= 5
