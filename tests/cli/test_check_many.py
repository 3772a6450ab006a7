"""``chainrule check`` of a folder or a zip: a row for each program."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from chainrule.cli import check_many
from chainrule.cli.app import run
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.submissions import SubmissionRow
from chainrule.gradcheck.folder.entries import Submission
from support.commands import COLUMNS, WRONG, names, write
from support.handed_in import first
from support.processes import wait_until

ENOUGH_S = 120
EXAMPLES = Path(__file__).parents[2] / "examples"


def batch_folder() -> None:
    write("lab/ann.py", COLUMNS)
    write("lab/bob.py", WRONG)
    write("lab/cara/net.py", f"from nosuchmodule import exp\n{COLUMNS.replace('np.exp', 'exp')}")


def test_a_folder_gets_a_table(capsys):
    batch_folder()
    assert run(["check", "lab", "--jobs", "2"]) == 1
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert lines[0].split() == ["ann.py", "right"]
    assert lines[1].split()[:2] == ["bob.py", "wrong"]
    assert lines[2].startswith(
        "cara    did not run  net.py, line 9, in EvaluateClassifier: ModuleNotFoundError"
    )
    assert lines[-3:] == [
        "1 right, 1 wrong, 1 did not run", "table: runs/check-lab/table.csv", "page: runs/check-lab/report.html",
    ]  # fmt: skip
    assert "check lab: 100%" in captured.err
    with Path("runs/check-lab/table.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["submission"], row["outcome"]) for row in rows] == [
        ("ann.py", "right"), ("bob.py", "wrong"), ("cara", "did not run")]  # fmt: skip
    assert rows[1]["cause"]
    assert "line 18" in rows[1]["line"]
    records = json.loads(Path("runs/check-lab/table.json").read_text())
    assert records[1]["check"]["causes"][0]["name"] == rows[1]["cause"]
    assert records[2]["traceback"].startswith("Traceback")


def test_a_zip_gets_the_same_table(capsys, in_process):
    batch_folder()
    with zipfile.ZipFile("lab.zip", "w") as archive:
        for path in sorted(Path("lab").rglob("*.py")):
            archive.write(path)
    assert run(["check", "lab", "--quiet", "--csv"]) == 1
    of_folder = capsys.readouterr()
    assert run(["check", "lab.zip", "--quiet", "--csv", "--out", "zipped"]) == 1
    of_zip = capsys.readouterr()
    assert of_folder.err == of_zip.err == ""
    assert [line.rpartition(",")[0] for line in of_zip.out.splitlines()] == [
        line.rpartition(",")[0] for line in of_folder.out.splitlines()
    ]
    assert Path("zipped/table.csv").read_text() == of_zip.out


def test_json_of_a_folder_is_its_table(capsys, in_process):
    write("lab/ann.py", COLUMNS)
    assert run(["check", "lab", "--json", "--quiet"]) == 0
    out = capsys.readouterr().out
    assert [record["outcome"] for record in json.loads(out)] == ["right"]
    assert Path("runs/check-lab/table.json").read_text() == out


def test_limits_hold_for_each_of_a_folder(capsys, in_process):
    write("lab/ann.py", first("while True: pass", COLUMNS))
    write("lab/bob.py", first("x = np.ones(5 * 10**7)", COLUMNS))
    assert run(["check", "lab", "--time", "5", "--memory", "100", "--jobs", "1"]) == 2
    out = capsys.readouterr().out
    assert "still runs after 5 s" in out
    assert "needs more than 100 MB" in out


def test_a_spreadsheet_takes_no_name_for_a_formula(capsys, in_process):
    write("lab/=1+1.py", COLUMNS)
    assert run(["check", "lab", "--csv", "--quiet"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("'=1+1.py,'=1+1.py,right")


def test_where_the_system_cannot_confine_it_a_folder_is_checked_only_if_its_code_is_trusted(
    capsys, monkeypatch, in_process
):
    batch_folder()
    monkeypatch.setattr(check_many, "probe", lambda: {"landlock": "Function not implemented"})
    assert run(["check", "lab"]) == 2
    said = capsys.readouterr().err
    assert "cannot keep other people's code in: no landlock (Function not implemented)" in said
    assert "--trust-code" in said
    assert not Path("runs").exists()
    assert run(["check", "lab", "--trust-code", "--quiet"]) == 1
    assert "1 right, 1 wrong, 1 did not run" in capsys.readouterr().out


@pytest.fixture
def answering(monkeypatch, in_process):
    """Checks that find what their test says: an outcome for the name of each submission; which were asked for."""

    def answering(outcomes: dict[str, str]) -> list[tuple[str, bool, float]]:
        asked: list[tuple[str, bool, float]] = []

        def rows(submission: Submission, conditions: Conditions, private: Path) -> list[SubmissionRow]:
            asked.append((submission.name, conditions.explained, conditions.limits.seconds))
            outcome = outcomes[submission.name]
            if outcome == "slow":
                return [SubmissionRow(submission.name, "", "did not run", words="slow", timed_out=True)]
            cause = "wrong-sign" if conditions.explained and outcome == "wrong" else ""
            return [SubmissionRow(submission.name, submission.name, outcome, cause=cause)]

        monkeypatch.setattr(check_many, "rows", rows)
        for name in outcomes:
            write(f"lab/{name}", name)
        return asked

    return answering


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        (("right", "right"), 0), (("right", "left out"), 0), (("right", "did not run"), 2), (("right", "wrong"), 1),
        (("right", "suspect"), 1), (("did not run", "wrong"), 1), (("did not run", "left out"), 2),
    ],
)  # fmt: skip
def test_the_exit_code_is_that_of_the_worst(answering, outcomes, code):
    answering({f"{number}.py": outcome for number, outcome in enumerate(outcomes)})
    assert run(["check", "lab", "--quiet"]) == code


def test_a_crash_of_ours_is_a_row_and_no_wrong_gradient(capsys, monkeypatch, in_process):
    def rows(*_: object, **__: object) -> list[SubmissionRow]:
        raise ZeroDivisionError("in the parent")

    monkeypatch.setattr(check_many, "rows", rows)
    write("lab/ann.py", COLUMNS)
    assert run(["check", "lab", "--quiet"]) == 2
    said = "ann.py  did not run  the checker failed on it: ZeroDivisionError: in the parent"
    assert capsys.readouterr().out.splitlines()[0] == said


def test_outcomes_come_first_then_causes_and_last_what_takes_long(capsys, answering):
    asked = answering({"ann.py": "slow", "bob.py": "wrong", "cara.py": "right", "dan.py": "did not run"})
    assert run(["check", "lab", "--time", "60"]) == 1
    first, then = asked[:4], asked[4:]
    assert sorted(first) == [(name, False, 10.0) for name in ("ann.py", "bob.py", "cara.py", "dan.py")]
    assert then == [("bob.py", True, 60.0), ("ann.py", True, 60.0)]
    captured = capsys.readouterr()
    assert "bob.py   wrong        wrong-sign" in captured.out
    (last,) = [line for line in captured.err.splitlines() if "100%" in line]
    assert last.startswith("check lab: 100%; 1 right, ")


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [([("right", False, True), ("did not run", True, False)], "; 1 right, 1 given more time later"),
     ([("did not run", True, False)], "; 1 given more time later"),
     ([("did not run", True, True)], "; 1 did not run"), ([], "")],
)  # fmt: skip
def test_what_ran_for_the_first_time_limit_has_no_outcome_yet(outcomes, said):
    rows = [SimpleNamespace(outcome=one, timed_out=slow, settled=settled) for one, slow, settled in outcomes]
    assert check_many._so_far(SimpleNamespace(rows=rows, known=rows)) == said


def test_the_same_command_again_checks_what_has_changed(capsys, answering):
    asked = answering({"ann.py": "right", "bob.py": "wrong", "cara.py": "slow"})
    assert run(["check", "lab"]) == 1
    before = capsys.readouterr()
    assert "kept from before" not in before.err
    asked.clear()
    assert run(["check", "lab"]) == 1
    again = capsys.readouterr()
    assert asked == []
    assert again.out == before.out
    assert "3 submissions, 3 kept from before" in again.err
    write("lab/bob.py", "changed")
    assert run(["check", "lab"]) == 1
    assert {name for name, *_ in asked} == {"bob.py"}
    asked.clear()
    assert run(["check", "lab", "--seed", "1"]) == 1
    assert {name for name, *_ in asked} == {"ann.py", "bob.py", "cara.py"}


def test_what_the_checker_failed_on_is_tried_again(monkeypatch, answering):
    asked = answering({"ann.py": "right"})
    rows = check_many.rows
    monkeypatch.setattr(check_many, "rows", lambda *_, **__: 1 / 0)
    assert run(["check", "lab", "--quiet"]) == 2
    monkeypatch.setattr(check_many, "rows", rows)
    assert run(["check", "lab", "--quiet"]) == 0
    assert asked


def test_names_that_are_one_as_file_names_are_two_rows(capsys, answering):
    answering({"a b.py": "right", "a_b.py": "wrong", "a:b.py": "right"})
    assert run(["check", "lab", "--quiet", "--csv"]) == 1
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split(",")[::2][:2] for line in lines] == [
        ["a b.py", "right"],
        ["a:b.py", "right"],
        ["a_b.py", "wrong"],
    ]
    assert len(names("runs/check-lab/checks")) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="links, pipes, and names that are bytes")
def test_nothing_is_left_out_without_a_row_and_a_reason(capsys, in_process):
    batch_folder()
    write("lab/notes.txt", "")
    write("lab/.hidden.py", COLUMNS)
    write("lab/dan.zip", "PK")
    write("lab/empty.py", "")
    Path(os.fsdecode(b"lab/caf\xe9.py")).write_text(COLUMNS)
    Path("lab/link.py").symlink_to("/dev/zero")
    Path("lab/up").symlink_to("..")
    os.mkfifo("lab/fifo.py")
    assert run(["check", "lab", "--quiet", "--json"]) == 1
    rows = {row["submission"]: row for row in json.loads(capsys.readouterr().out)}
    assert {name: row["outcome"] for name, row in rows.items()} == {
        "ann.py": "right", "bob.py": "wrong", "cara": "did not run", "notes.txt": "left out", ".hidden.py": "left out",
        "dan.zip": "did not run", "empty.py": "did not run", r"caf\xe9.py": "right", "link.py": "did not run",
        "up": "did not run", "fifo.py": "did not run",
    }  # fmt: skip
    for row in rows.values():
        assert row["outcome"] in ("right", "wrong") or row["words"]


def test_a_zip_of_folders_and_zips_has_a_row_for_each(capsys, in_process):
    write("helper.py", "scale = 1\n")
    write("net.py", "from helper import scale\n" + COLUMNS.replace("np.exp(", "np.exp(scale * "))
    with zipfile.ZipFile("ann.zip", "w") as archive:
        archive.write("net.py")
        archive.write("helper.py")
    with zipfile.ZipFile("lab.zip", "w") as archive:
        archive.write("ann.zip", "lab/ann.zip")
        archive.writestr("lab/bob/net.py", Path("net.py").read_text())
        archive.writestr("lab/cara.py", WRONG)
    assert run(["check", "lab.zip", "--quiet", "--csv"]) == 1
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [(row["submission"], row["outcome"]) for row in rows] == [
        ("ann.zip", "right"), ("bob", "did not run"), ("cara.py", "wrong")]  # fmt: skip
    assert "No module named 'helper'" in rows[1]["words"]


@pytest.mark.skipif(sys.platform != "linux", reason="kills a group of processes")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_what_was_interrupted_goes_on_from_there(capsys, how):
    write("lab/ann.py", COLUMNS)
    write("lab/bob.py", first("while True: pass", COLUMNS))
    command = [sys.executable, "-m", "chainrule", "check", "lab", "--jobs", "1"]
    with subprocess.Popen(command, start_new_session=True, text=True, stderr=subprocess.PIPE) as process:
        wait_until(lambda: list(Path("runs/check-lab/rows").glob("[!.]*.json")), ENOUGH_S)
        os.killpg(process.pid, how)
        _, errors = process.communicate(timeout=ENOUGH_S)
    if how == signal.SIGINT:
        said = (
            "1 of 2 submissions have an outcome, kept in runs/check-lab: the same command goes on from there"
        )
        assert errors.splitlines()[-1] == f"chainrule: interrupted; {said}"
    write("lab/bob.py", WRONG)
    assert run(["check", "lab"]) == 1
    captured = capsys.readouterr()
    assert "2 submissions, 1 kept from before" in captured.err
    assert [line.split()[:2] for line in captured.out.splitlines()[:2]] == [
        ["ann.py", "right"],
        ["bob.py", "wrong"],
    ]


def test_our_own_examples_are_rows_as_the_documentation_shows(capsys, in_process):
    assert run(["check", str(EXAMPLES), "--quiet"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("gradients/batch_norm.py ")
    assert f"```\n{out}```" in (EXAMPLES.parent / "docs" / "check" / "hand_ins.md").read_text()


def test_a_folder_is_checked_against_a_reference(capsys, in_process):
    bent = COLUMNS.replace("+ lamda * np.sum(W**2)", "+ lamda * np.sum(W**2) / 2")
    write("reference.py", COLUMNS)
    write("lab/ann.py", COLUMNS)
    write("lab/bob.py", bent.replace("2 * lamda * W", "lamda * W"))
    assert run(["check", "lab", "--csv", "--quiet"]) == 0
    capsys.readouterr()
    assert run(["check", "lab", "--against", "reference.py", "--csv", "--quiet"]) == 1
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [(row["outcome"], row["cause"]) for row in rows] == [("right", ""), ("wrong", "regulariser-half")]


def test_what_is_to_be_looked_at_twice_is_foreseen_from_what_was_looked_at_once(tmp_path):
    told, unsettled, known = [], [], {}

    def keep(submission, new, conditions):
        if submission in known:
            unsettled.remove(submission)
        elif submission % 2:
            unsettled.append(submission)
        known[submission] = new

    kept = SimpleNamespace(keep=keep, unsettled=unsettled, known=known, timed_out=lambda one: one == 3)
    workers = SimpleNamespace(
        run=lambda function, submitted, tell: ((i, []) for i in range(len(submitted))), workers=2
    )
    clock = iter([0.0, 0.5, 1.0, 2.0, 6.0, 6.0]).__next__
    stages = SimpleNamespace(work=lambda done, total: told.append((done, total)))
    work = check_many._Work(kept, workers, tmp_path, stages, new={0, 1, 2, 3}, seconds=60, clock=clock)
    work.do([0, 1, 2, 3], None)
    # A second look counts as two, and as 60 s where all of the time was spent: here 20 first looks of 3 s.
    assert told == [(0, 12), (1, 4), (2, 8), (3, 4 + 2 * 4 / 3), (4, 26)]
    work.do([1, 3], None)
    assert told[5:] == [(4, 26), (6, 26), (26, 26)]


def test_what_is_left_out_is_known_before_the_work_begins(tmp_path, monkeypatch, in_process):
    write("lab/ann.py", COLUMNS)
    write("lab/notes.txt", "")
    begun = []
    do = check_many._Work.do
    monkeypatch.setattr(
        check_many._Work, "do", lambda work, *given: (begun.append(len(work.kept.known)), do(work, *given))
    )
    assert run(["check", "lab", "--quiet"]) == 0
    assert begun[0] == 1
