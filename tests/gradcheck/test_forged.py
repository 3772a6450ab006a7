"""Files that try to pass for right: against a reference none does by wrong numbers; alone those do that are listed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.catalogue.numeric_check import NUMERIC_DIFFERENCE
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.loading.statements import top_level
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.sandbox.process import Limits
from support.checked_files import check_only
from support.forgeries import FORGED, NOT_DERIVED, REFERENCE

PASS_ALONE = {"another cost", "a cost without data"}
"""Their gradient is that of their cost; that the cost is not the one that was asked for only a reference can say."""

PASS_UNDERIVED = {"a complex step of a copy in a text"}
"""Right to the last digit, with nothing in the source to read."""

NEVER_ENDS = "a reply that never ends"

SAID = {
    "a huge reply": "sends 67108864 bytes where at most 1048576 can be meant",
    "a deep reply": "sends a value in 5000 lists",
    NEVER_ENDS: "still runs after 2 s",
    "an end in the middle": "its process ended by itself",
    "not a number": "the gradient of W1: holds NaN or infinity",
    "kinks where it was asked for a gradient": "the cost: bends at ",
    "noise above the gradient": "lies below the noise of the differences",
    "noise above a gradient of zero": "lies below the noise of the differences",
    "right for all calls but the first": "the gradient: is another one when it is asked for again",
    "a cost that is another where one entry is moved": "on a path where the gradient is off by",
    "imaginary parts of its own": "on a path where the gradient is off by",
}
"""What is said of those that cannot be told."""

FILES = FORGED | NOT_DERIVED | {"the reference": REFERENCE}


def outcome(name: str, against: bool) -> tuple[str, str]:
    """The verdict and the first cause, or ``did not run`` and why."""
    limits = Limits(seconds=2 if name == NEVER_ENDS else 120)
    explained = name in NOT_DERIVED
    with tempfile.TemporaryDirectory() as folder:
        path, reference = Path(folder) / "theirs.py", Path(folder) / "reference.py"
        path.write_text(FILES[name])
        reference.write_text(REFERENCE)
        try:
            conditions = Conditions(limits, 0, False, explained, reference if against else None)
            check, _ = check_only(path, conditions)
        except CheckError as error:
            return "did not run", str(error)
        return check.verdict, check.causes[0].name if check.causes else ""


def test_nothing_of_a_file_waits_for_ever():
    tops = {name: top_level(Source((Part(name, text),))).statements for name, text in FILES.items()}
    waiting = {
        name for name, statements in tops.items() if any(s.kind == "rest" and not s.binds for s in statements)
    }
    assert waiting == set()


@pytest.mark.parametrize("against", [False, True])
def test_the_reference_itself_is_right(against):
    assert outcome("the reference", against) == ("right", "")


SOME = [
    pytest.param(name, marks=[pytest.mark.corpus] if number % 3 and name not in PASS_ALONE else [])
    for number, name in enumerate(FORGED)
]
"""Those that pass alone, and every third; ``make test-corpus`` tries them all."""


@pytest.mark.parametrize("name", SOME)
def test_against_a_reference_no_wrong_gradient_passes(name):
    assert outcome(name, against=True)[0] != "right"


@pytest.mark.parametrize("name", SOME)
def test_alone_a_wrong_gradient_passes_with_a_cost_of_its_own_only(name):
    verdict, words = outcome(name, against=False)
    assert (verdict == "right") == (name in PASS_ALONE)
    assert verdict == "did not run" or name not in SAID
    assert SAID.get(name, "") in words


def test_files_are_many():
    assert len(FORGED) >= 30
    assert FORGED.keys() >= PASS_ALONE | SAID.keys()


@pytest.mark.parametrize("against", [False, True])
@pytest.mark.parametrize("name", NOT_DERIVED)
def test_numbers_that_nobody_derived_pass_where_nothing_can_be_read_of_it(name, against):
    verdict, cause = outcome(name, against)
    assert (verdict == "right") == (name in PASS_UNDERIVED)
    assert cause == ("" if verdict == "right" else NUMERIC_DIFFERENCE.name)
