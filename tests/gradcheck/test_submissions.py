"""Folders and zips of submissions: what counts as one, which file is meant, and a row for each, whatever it does."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.submissions import Submission, SubmissionRow, counted, row, submissions, unpacked
from support.places import CONVENTIONS
from support.zips import zipped

RIGHT = (CONVENTIONS / "columns.py").read_text()
WRONG = RIGHT.replace("G = P - Y", "G = Y - P")
LIMITS = Limits(seconds=120)


@pytest.fixture
def write(tmp_path):
    def write(**files: str) -> Path:
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_DOT_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


def named(found: list[Submission]) -> dict[str, str]:
    return {s.name: s.path.name if s.path else s.problem for s in found}


def test_files_and_folders_are_submissions_and_helpers_are_not(write):
    folder = write(
        ann_DOT_py=RIGHT,
        bob_DOT_ipynb="{}",
        helper_DOT_py="def relu(x): ...",
        cara_DOT_py="import helper\n" + RIGHT,
        notes_DOT_txt="",
        dan__main_DOT_py="from net import cost, gradient",
        dan__net_DOT_py="def cost(W): ...\ndef gradient(W): ...",
        eve__net_DOT_py="def cost(W): ...\ndef gradient(W): ...",
        eve__check_DOT_py=RIGHT,
        fay__deep__net_DOT_py=RIGHT,
        gil__report_DOT_pdf="",
        _DOT_git__config_DOT_py="",
        __MACOSX__ann_DOT_py="",
    )
    assert named(submissions(folder)) == {
        "ann.py": "ann.py", "bob.ipynb": "bob.ipynb", "cara.py": "cara.py", "dan": "net.py", "eve": "check.py",
        "fay": "net.py", "gil": "gil: holds no .py and no .ipynb file",
    }  # fmt: skip


def test_two_adapters_in_one_folder_are_said(write):
    folder = write(ann__a_DOT_py=RIGHT, ann__b_DOT_py=RIGHT, bob_DOT_py=RIGHT)
    assert (
        named(submissions(folder))["ann"]
        == "ann: a.py, b.py all define chainrule_check; leave it in one of them"
    )


def test_a_folder_in_a_folder_is_looked_into(write):
    folder = write(hand_in__lab1__ann_DOT_py=RIGHT, hand_in__lab1__bob_DOT_py=RIGHT)
    assert list(named(submissions(folder))) == ["ann.py", "bob.py"]


def test_an_empty_folder_is_said(tmp_path):
    with pytest.raises(CheckError, match=r"holds no \.py and no \.ipynb file"):
        submissions(tmp_path)


def test_every_submission_has_a_row(write):
    folder = write(
        right_DOT_py=RIGHT,
        wrong_DOT_py=WRONG,
        raises_DOT_py="import nosuchmodule\n" + RIGHT,
        loops_DOT_py="while True: pass\n",
        empty_DOT_py="",
        pdf__report_DOT_pdf="",
    )
    rows = {
        s.name: row(s, Limits(seconds=3) if "loops" in s.name else LIMITS, 0) for s in submissions(folder)
    }
    assert counted(list(rows.values())) == {"right": 1, "suspect": 0, "wrong": 1, "did not run": 4}
    wrong = rows["wrong.py"]
    assert (wrong.outcome, wrong.parameters) == ("wrong", ("[0]", "[1]"))
    assert wrong.cause
    assert "line" in wrong.line
    assert wrong.repair
    assert "No module named 'nosuchmodule'" in rows["raises.py"].words
    assert rows["raises.py"].traceback.endswith("No module named 'nosuchmodule'\n")
    assert "still runs after 3 s" in rows["loops.py"].words
    assert "no cost and no gradient" in rows["empty.py"].words
    assert rows["pdf"].words == "pdf: holds no .py and no .ipynb file"
    for one in rows.values():
        assert "\n" not in one.words
        json.dumps({key: value for key, value in one.as_dict().items() if key != "check"})


def test_a_submission_that_the_checker_cannot_cope_with_costs_its_own_row_only(monkeypatch, tmp_path):
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("in the diagnosis")

    monkeypatch.setattr("chainrule.gradcheck.submissions.check_file", fail)
    outcome = row(Submission("ann.py", tmp_path / "ann.py"), LIMITS, 0)
    assert outcome == SubmissionRow(
        "ann.py", "ann.py", "did not run", words=outcome.words, seconds=outcome.seconds
    )
    assert outcome.words == "the checker failed on it: ZeroDivisionError: in the diagnosis"


def test_a_zip_is_a_folder(tmp_path):
    path = zipped(
        tmp_path / "all.zip", {"lab/ann.py": RIGHT, "lab/bob/net.py": RIGHT, "__MACOSX/lab/._ann.py": ""}
    )
    assert named(unpacked(path, tmp_path / "out")) == {"ann.py": "ann.py", "bob": "net.py"}


def test_an_empty_zip_is_said_by_its_own_name(tmp_path):
    path = zipped(tmp_path / "all.zip", {"readme.txt": ""})
    with pytest.raises(CheckError, match=r"all\.zip: holds no"):
        unpacked(path, tmp_path / "out")


def test_a_zip_of_a_folder_without_programs_is_named_with_the_folder(tmp_path):
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.writestr("top/x.txt", "x")
    with pytest.raises(CheckError, match=r"e\.zip/top: holds no \.py and no \.ipynb file"):
        unpacked(tmp_path / "e.zip", tmp_path / "out")
