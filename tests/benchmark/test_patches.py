import difflib
from pathlib import Path

import pytest
from wrong_backward_passes.answers import Answer
from wrong_backward_passes.index import Entry, entries
from wrong_backward_passes.patches import applied, is_right, verified

(ENTRY,) = [entry for entry in entries("public") if entry.id == "ridge_regression-a"]


def diff(before: str, after: str, context: int) -> str:
    return "".join(difflib.unified_diff(before.splitlines(True), after.splitlines(True), "a", "b", n=context))


@pytest.mark.parametrize("context", [0, 3])
@pytest.mark.parametrize("entry", entries("public"), ids=lambda entry: entry.id)
def test_a_diff_from_the_wrong_program_gives_the_right_one(entry: Entry, context: int) -> None:
    wrong, right = entry.wrong.read_text(), entry.right.read_text()
    assert applied(wrong, diff(wrong, right, context)) == right
    assert applied(right, diff(right, wrong, context)) == wrong


@pytest.mark.parametrize(
    ("patch", "problem"),
    [
        ("g *= 2", "the patch has no hunk"),
        ("@@ -1 +1 @@\n-b = 1\n+b = 2", "does not fit line 1"),
        ("@@ -9 +9 @@\n-a = 1\n+b = 2", "does not fit line 9"),
        ("@@ -2 +2 @@\n-b\n+c\n@@ -1 +1 @@\n-a\n+c", "not in order"),
    ],
)
def test_a_patch_that_does_not_fit_is_refused(patch: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        applied("a\nb\n" if "order" in problem else "a\n", patch)


def test_a_program_is_right_only_with_the_right_gradient_of_the_right_cost() -> None:
    right, wrong = ENTRY.right.read_text(), ENTRY.wrong.read_text()
    assert is_right(right, ENTRY, 30)
    assert not is_right(wrong, ENTRY, 30)
    # Where the penalty is taken out of both, the gradient agrees with the cost, but it is another cost.
    other = right.replace("lam / (2 * m)", "0").replace("lam / m", "0")
    assert not is_right(other, ENTRY, 30)


@pytest.mark.parametrize(
    "line",
    [
        "while True: pass",
        "raise SystemExit(0)",
        "bytearray(2**40)",
        "1 +",
        "print('{}' * 9)\nraise SystemExit(0)",
    ],
)
def test_a_program_that_does_not_end_well_is_not_right(line: str) -> None:
    assert not is_right(f"{line}\n{ENTRY.right.read_text()}", ENTRY, 3)


def test_every_patch_that_is_offered_is_tried(tmp_path: Path) -> None:
    right, wrong = ENTRY.right.read_text(), ENTRY.wrong.read_text()
    said = Answer("wrong", (), (diff(wrong, right, 3), diff(right, wrong, 3)), (wrong,))
    assert verified(said, ENTRY.wrong, ENTRY, 30) == [False, True, False]
