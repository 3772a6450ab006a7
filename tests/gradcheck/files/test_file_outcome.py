"""The outcome of a file in words and as plain data: the worst of its gradients counts, and nothing is left out."""

from dataclasses import replace

from chainrule.errors import CheckError
from chainrule.gradcheck.files.file_outcome import FileCheck, GradientRow
from chainrule.gradcheck.outcome import Check

RIGHT, WRONG = Check("right", None, ()), Check("wrong", "gradient", ())


def test_the_worst_verdict_is_that_of_the_file_and_what_is_not_checked_is_in_the_headline():
    rows = (
        GradientRow(1, "first", "cost", "", RIGHT),
        GradientRow(2, "second", "cost", "", error=CheckError("why")),
        GradientRow(3, "third", "cost", "", WRONG),
    )
    found = FileCheck(rows, ("about the file",))
    assert found.verdict == "wrong"
    assert found.headline == "3 gradients, 1 wrong: third; 1 not checked: second; 1 right: first"
    assert [row.number for row in found.not_checked] == [2]
    assert "--- 2. second, cost cost\nnot checked: why" in str(found)
    assert str(found).endswith("note: about the file")
    data = found.as_dict()
    assert (data["verdict"], data["right"]) == ("wrong", False)
    assert data["rows"][1] == {
        "number": 2, "gradient": "second", "cost_function": "cost", "adapter": "", "verdict": "not checked",
        "reason": "why",
    }  # fmt: skip
    assert FileCheck(rows[:2]).as_dict()["right"] is False
    assert FileCheck(rows[:1]).as_dict()["right"] is True


def test_what_is_not_written_yet_says_nothing_of_the_others():
    rows = (
        GradientRow(1, "first", "cost", "", RIGHT),
        GradientRow(2, "second", "cost", "", error=CheckError("second gives nothing"), is_unwritten=True),
    )
    found = FileCheck(rows)
    assert found.headline == "2 gradients, 1 not written yet: second; 1 right: first"
    assert "--- 2. second, cost cost\nnot written yet: second gives nothing" in str(found)
    assert (found.whole, found.right, found.not_checked) == (True, True, [])
    assert found.as_dict()["rows"][1]["verdict"] == "not written yet"


def test_a_single_gradient_is_shown_as_itself():
    found = FileCheck(
        (GradientRow(1, "first", "cost", "", replace(RIGHT, notes=("its own",))),), ("the file",)
    )
    assert found.headline == RIGHT.headline
    assert str(found).splitlines()[-2:] == ["note: the file", "note: its own"]
    assert "note" not in str(found.without_notes())


def test_what_was_not_checked_of_a_right_one_is_in_the_headline():
    in_part = replace(RIGHT, unchecked=("the gradient of b",))
    assert in_part.headline.endswith("right as far as it was checked; not checked: the gradient of b")
    rows = (GradientRow(1, "first", "cost", "", RIGHT), GradientRow(2, "second", "cost", "", in_part))
    found = FileCheck(rows)
    assert found.headline == "2 gradients, 1 right as far as checked: second; 1 right: first"
    assert (found.verdict, found.whole, found.right) == ("right", False, False)
    assert FileCheck(rows[:1]).right
