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


PLACES = {
    bug.name: [stem for stem, source in PROGRAMS.items() if mistaken(source, bug) is not None]
    for bug in BUGS.values()
}
"""The small programs in which a bug's right lines stand."""


def test_the_right_lines_of_each_bug_stand_in_a_small_program() -> None:
    assert [name for name, stems in PLACES.items() if not stems] == []


# One program of each bug; ``make test-corpus`` tries all. What no bug explains is looked for in all ways that there
# are, which takes long.
@pytest.mark.parametrize(
    ("name", "stem"),
    [
        pytest.param(name, stem, marks=[pytest.mark.corpus] if number or name == UNKNOWN.name else [])
        for name, stems in PLACES.items()
        for number, stem in enumerate(stems)
    ],
)
def test_the_wrong_lines_in_the_place_of_the_right_ones_make_the_bug(name: str, stem: str) -> None:
    source = mistaken(PROGRAMS[stem], BUGS[name])
    assert source is not None
    outcome = checked(source, stem)
    assert outcome.verdict == "wrong", str(outcome)
    assert name in [cause.name for cause in outcome.tied], str(outcome)


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
