"""What is known of a folder's submissions is kept, and only as long as it holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from chainrule.cli import checked_rows
from chainrule.cli.checked_rows import CheckedRows
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.submissions import SubmissionRow, failed
from chainrule.gradcheck.folder.entries import Submission, submissions
from chainrule.gradcheck.sandbox.process import Limits
from support.commands import write

WHOLE = Conditions(Limits(seconds=60))
SOONER = replace(WHOLE, limits=Limits(seconds=10), explained=False)


@pytest.fixture
def opened():
    """The rows of a folder of two."""

    def opened(conditions: Conditions = WHOLE) -> tuple[CheckedRows, Submission, Submission]:
        handed_in = submissions(Path("lab"))
        return CheckedRows(Path("out"), handed_in, conditions), *handed_in

    write("lab/ann.py", "a")
    write("lab/bob.py", "b")
    return opened


def row(outcome: str, **more: object) -> SubmissionRow:
    return SubmissionRow("ann.py", "ann.py", outcome, **more)


def known(kept: CheckedRows) -> dict[str, list[str]]:
    return {submission.name: [row.outcome for row in rows] for submission, rows in kept.known.items()}


def test_what_was_kept_is_known_again(opened):
    kept, ann, _ = opened()
    assert known(kept) == {}
    kept.keep(ann, [row("right"), replace(row("wrong"), submission="ann.py/b")], WHOLE)
    again, *_ = opened()
    assert known(again) == {"ann.py": ["right", "wrong"]}
    assert again.rows == kept.rows


@pytest.mark.parametrize("change", ["content", "seed", "limits", "packages", "damage", "name"])
def test_what_no_longer_holds_is_forgotten(opened, monkeypatch, change):
    kept, ann, _ = opened()
    kept.keep(ann, [row("right")], WHOLE)
    conditions = WHOLE
    match change:
        case "content":
            write("lab/ann.py", "changed")
        case "name":
            Path("lab/ann.py").rename("lab/anna.py")
        case "seed":
            conditions = replace(WHOLE, seed=1)
        case "limits":
            conditions = replace(WHOLE, limits=Limits(seconds=61))
        case "packages":
            monkeypatch.setattr(checked_rows, "_surroundings", lambda: ["3.11", "numpy 9"])
        case "damage":
            (path,) = Path("out/rows").iterdir()
            path.write_text(path.read_text()[:100])
    again, *_ = opened(conditions)
    assert known(again) == {}
    assert list(Path("out/rows").iterdir()) == []


def test_what_a_submission_came_to_stays_when_another_changes(opened):
    kept, ann, bob = opened()
    kept.keep(ann, [row("right")], WHOLE)
    kept.keep(bob, [replace(row("wrong"), submission="bob.py")], WHOLE)
    write("lab/ann.py", "changed")
    again, *_ = opened()
    assert known(again) == {"bob.py": ["wrong"]}


@pytest.mark.parametrize(
    ("outcome", "more", "settled"),
    [
        ("right", {}, True), ("did not run", {}, True), ("left out", {}, True), ("wrong", {}, False),
        ("suspect", {}, False), ("did not run", {"timed_out": True}, False),
    ],
)  # fmt: skip
def test_after_the_first_pass_the_wrong_and_the_slow_are_not_settled(opened, outcome, more, settled):
    kept, ann, _ = opened()
    kept.keep(ann, [row(outcome, **more)], SOONER)
    assert (ann not in kept.unsettled) == settled
    assert kept.timed_out(ann) == bool(more)
    kept.keep(ann, [row(outcome, **more)], WHOLE)
    assert ann not in kept.unsettled


def test_an_outcome_stays_what_it_was(opened):
    kept, ann, _ = opened()
    kept.keep(ann, [row("wrong", words="first")], SOONER)
    kept.keep(ann, [row("right", words="then")], WHOLE)
    (shown,) = kept.known[ann]
    assert (shown.outcome, shown.settled) == ("wrong", True)
    assert shown.words == "not explained: another run of it came out otherwise (right; then)"
    assert shown.page.notes == [shown.words]


def test_more_time_may_lead_to_another_outcome(opened):
    kept, ann, _ = opened()
    kept.keep(ann, [row("did not run", timed_out=True)], SOONER)
    kept.keep(ann, [row("right")], WHOLE)
    assert known(kept) == {"ann.py": ["right"]}


def test_what_the_checker_failed_on_is_not_kept(opened):
    kept, ann, _ = opened()
    kept.keep(ann, [failed("ann.py", "a fault of ours")], WHOLE)
    assert known(kept) == {"ann.py": ["did not run"]}
    assert known(opened()[0]) == {}


def test_another_reference_or_another_content_of_it_is_another_check(opened):
    write("reference.py", "a")
    against = replace(WHOLE, against=Path("reference.py"))
    kept, ann, _ = opened(against)
    kept.keep(ann, [row("right")], against)
    assert known(opened(against)[0]) == {"ann.py": ["right"]}
    write("reference.py", "b")
    assert known(opened(against)[0]) == {}
