"""Submissions checked: a row for each, whatever it does, and none touches another."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from chainrule.errors import TimeUpError
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.file_outcome import FileCheck, GradientRow
from chainrule.gradcheck.files.submissions import SubmissionRow, rows, rows_of
from chainrule.gradcheck.folder.entries import Submission, submissions
from chainrule.gradcheck.folder.main_files import MainFile
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.sandbox.process import Limits
from support.handed_in import first
from support.places import CONVENTIONS
from support.zips import zipped

RIGHT = (CONVENTIONS / "columns.py").read_text()
WRONG = RIGHT.replace("G = P - Y", "G = Y - P")
NEEDS_MODULE = "from nosuchmodule import exp\n" + RIGHT.replace("np.exp", "exp")
CONDITIONS = Conditions(Limits(seconds=120), untrusted=False)


@pytest.fixture
def table(tmp_path):
    """The rows of a folder with these files, by submission."""

    def table(files: dict[str, str], conditions: Conditions = CONDITIONS) -> dict[str, SubmissionRow]:
        for name, text in files.items():
            path = tmp_path / "class" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        every = [row for s in submissions(tmp_path / "class") for row in rows(s, conditions, tmp_path)]
        assert [path.name for path in tmp_path.iterdir()] == ["class"], "something was left behind"
        return {row.submission: row for row in every}

    return table


def test_every_submission_has_a_row(table):
    by_name = table(
        {
            "right.py": RIGHT, "wrong.py": WRONG, "raises.py": NEEDS_MODULE, "empty.py": "",
            "trains.py": "import nosuchmodule\nopen('data')\nwhile True: pass\n" + RIGHT,
            "broken.ipynb": "{", "pdf/report.pdf": "", "readme.md": "", "broken.zip": "PK",
        }
    )  # fmt: skip
    assert {name: row.outcome for name, row in by_name.items()} == {
        "right.py": "right", "wrong.py": "wrong", "raises.py": "did not run", "empty.py": "did not run",
        "broken.ipynb": "did not run", "pdf": "did not run", "readme.md": "left out", "broken.zip": "did not run",
        "trains.py": "right",
    }  # fmt: skip
    wrong = by_name["wrong.py"]
    assert (wrong.outcome, wrong.parameters) == ("wrong", ("[0]", "[1]"))
    assert wrong.cause
    assert "line" in wrong.line
    assert wrong.repair
    assert "No module named 'nosuchmodule'" in by_name["raises.py"].words
    assert by_name["raises.py"].traceback.endswith("No module named 'nosuchmodule'\n")
    assert "no cost and no gradient" in by_name["empty.py"].words
    assert by_name["pdf"].words == "pdf: holds no .py and no .ipynb file"
    assert any("not run" in note for note in by_name["trains.py"].check.notes)
    for each in by_name.values():
        assert "\n" not in each.words
        assert not each.timed_out
        json.dumps(each.as_dict(), allow_nan=False)


def test_a_neighbour_is_not_there(table):
    reads = first("from pathlib import Path\nPath(__file__).with_name('ann.py').read_text()", RIGHT)
    listing = first("import os\nassert os.listdir(os.path.dirname(__file__)) == ['dan.py']", RIGHT)
    by_name = table({"ann.py": RIGHT, "cara.py": reads, "dan.py": listing})
    assert by_name["ann.py"].outcome == "right"
    assert "FileNotFoundError" in by_name["cara.py"].words
    assert by_name["dan.py"].outcome == "right"


@pytest.mark.parametrize(
    "imports",
    [
        "from ann import *\n",
        "from ann import ComputeCost, ComputeGradients\n",
        "from ann import *\n" + RIGHT.replace("np.exp", "exp"),
        "from ann import exp\n" + RIGHT.replace("np.exp", "exp"),
        "import ann\n" + RIGHT.replace("np.exp", "ann.exp"),
        "from ann import np\n" + RIGHT.replace("import numpy as np\n", ""),
        "import ann\nnp = ann.np\n" + RIGHT.replace("import numpy as np\n", ""),
        "from ann import ComputeCost, ComputeGradients\n\n\ndef chainrule_check(rng):\n"
        "    return dict(cost=ComputeCost, gradient=ComputeGradients, parameters=rng.normal(size=(2, 3)))\n",
    ],
)
def test_a_neighbour_that_the_functions_need_is_said_not_to_be_there(table, imports):
    bob = table({"ann.py": "from numpy import exp\n" + RIGHT, "bob.py": imports})["bob.py"]
    assert bob.outcome == "did not run"
    assert "No module named 'ann'; of a folder each file is checked alone: if ann beside it" in bob.words


def test_a_neighbour_that_nothing_needs_is_no_matter(table):
    by_name = table({"ann.py": RIGHT, "bob.py": "import ann\nfrom ann import *\nann.ComputeCost()\n" + RIGHT})
    assert by_name["bob.py"].outcome == "right"


def test_a_neighbour_is_not_there_for_a_folder_either(table):
    needs = "from helper import exp\n" + RIGHT.replace("np.exp", "exp")
    by_name = table(
        {
            "ann/net.py": RIGHT, "ann/helper.py": "x = 1\n", "bob/net.py": needs,
            "cara/net.py": "import sys\nsys.path[:0] = ['..', '../ann']\n" + needs,
            "dan/net.py": needs, "dan/helper.py": "from numpy import exp", "helper.py": "from numpy import exp",
        }
    )  # fmt: skip
    assert by_name["ann"].outcome == by_name["dan"].outcome == "right"
    assert "No module named 'helper'" in by_name["bob"].words
    assert "No module named 'helper'" in by_name["cara"].words


def test_what_belongs_to_a_folder_is_there(table):
    uses = "from helper import scale\nfrom pathlib import Path\nassert scale == 1\n"
    reads = "assert Path(__file__).with_name('data.txt').read_text() == open('data.txt').read() == '1 2\\n'"
    files = {"net.py": first(uses + reads, RIGHT), "helper.py": "scale = 1\n", "data.txt": "1 2\n"}
    by_name = table({f"ann/{name}": text for name, text in files.items()})
    assert by_name["ann"].outcome == "right"


def test_what_belongs_to_a_zip_is_there(table, tmp_path):
    (tmp_path / "class").mkdir()
    zipped(
        tmp_path / "class" / "ann.zip",
        {
            "lab/net.py": first("from helper import scale\nopen('data.txt').read()", RIGHT),
            "lab/helper.py": "scale = 1\n",
            "lab/data.txt": "1\n",
        },
    )
    by_name = table({"bob.py": RIGHT})
    assert by_name["ann.zip"].outcome == "right", by_name["ann.zip"].words


def test_what_one_writes_no_other_sees(table):
    leaves = "from pathlib import Path\nfor name in ('left.py', 'net.py'):\n    Path(name).write_text('')"
    by_name = table(
        {"ann/net.py": first(f"{leaves}\nimport left", RIGHT), "bob/net.py": first("import left", RIGHT)}
    )
    assert by_name["ann"].outcome == "right"
    assert "No module named 'left'" in by_name["bob"].words


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes there")
def test_a_name_that_is_not_utf_8_is_checked_like_any_other(table, tmp_path):
    (tmp_path / "class").mkdir()
    path = Path(os.fsdecode(os.fsencode(tmp_path / "class") + b"/caf\xe9.py"))
    path.write_text(first("raise ValueError(__file__)", RIGHT))
    inside = Path(os.fsdecode(os.fsencode(tmp_path / "class") + b"/\xff")) / "net.py"
    inside.parent.mkdir()
    inside.write_text(first("raise ValueError(__file__)", RIGHT))
    by_name = table({"ann.py": RIGHT})
    assert by_name[r"\xff"].words.startswith(
        rf"net.py, line 2, in before: ValueError: {tmp_path}/class/\xff/net.py"
    )
    shown = by_name[r"caf\xe9.py"].as_dict()
    assert shown["outcome"] == "did not run"
    assert rf"{tmp_path}/class/caf\xe9.py" in shown["words"]
    json.dumps(shown, ensure_ascii=False).encode()


def test_several_programs_of_one_submission_are_several_rows(table):
    by_name = table({"ann/a.py": RIGHT, "ann/b.py": WRONG, "bob.py": RIGHT})
    assert {name: row.outcome for name, row in by_name.items()} == {
        "ann/a.py": "right", "ann/b.py": "wrong", "bob.py": "right"
    }  # fmt: skip


def test_without_causes_the_outcome_is_the_same(table):
    files = {"right.py": RIGHT, "wrong.py": WRONG, "empty.py": ""}
    sooner, whole = table(files, replace(CONDITIONS, explained=False)), table(files)
    assert {name: row.outcome for name, row in sooner.items()} == {
        name: row.outcome for name, row in whole.items()
    }
    assert sooner["wrong.py"].cause == sooner["wrong.py"].line == ""
    assert sooner["wrong.py"].parameters == whole["wrong.py"].parameters
    assert sooner["right.py"].check == whole["right.py"].check


def test_one_that_never_ends_is_said_to_have_had_its_time(table):
    files = {"ann.py": first("while True: pass", RIGHT), "bob.py": "while True:\n    pass\n"}
    by_name = table(files, replace(CONDITIONS, limits=Limits(seconds=1)))
    assert "still runs after 1 s" in by_name["ann.py"].words
    assert by_name["ann.py"].timed_out
    assert by_name["bob.py"].words.endswith("not run, as nothing that is checked needs it: bob.py, lines 1-2")
    assert not by_name["bob.py"].timed_out


def test_a_gradient_for_which_no_time_was_left_is_said_to_have_had_it(monkeypatch, tmp_path):
    late = (
        GradientRow(1, "f", "", "", Check("right", None, ())),
        GradientRow(2, "g", "", "", error=TimeUpError()),
    )
    monkeypatch.setattr("chainrule.gradcheck.files.submissions.check_file", lambda *_: FileCheck(late))
    outcomes = rows_of(MainFile("ann.py", tmp_path / "ann.py"), CONDITIONS)
    assert [(row.submission, row.timed_out) for row in outcomes] == [
        ("ann.py: f", False),
        ("ann.py: g", True),
    ]


def test_a_submission_that_the_checker_cannot_cope_with_costs_its_own_row_only(monkeypatch, tmp_path):
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("in the diagnosis")

    monkeypatch.setattr("chainrule.gradcheck.files.submissions.check_file", fail)
    outcome = rows_of(MainFile("ann.py", tmp_path / "ann.py"), CONDITIONS)[0]
    words = "the checker failed on it: ZeroDivisionError: in the diagnosis"
    assert outcome == SubmissionRow(
        "ann.py", "ann.py", "did not run", words=words, seconds=outcome.seconds, failed=True
    )
    monkeypatch.setattr("chainrule.gradcheck.files.submissions.main_files", fail)
    (of_folder,) = rows(Submission("ann", tmp_path, "folder"), CONDITIONS, tmp_path)
    assert (of_folder.outcome, of_folder.words, of_folder.failed) == ("did not run", words, True)


def test_a_zip_with_hostile_members_is_a_row(table, tmp_path):
    (tmp_path / "class").mkdir()
    with zipfile.ZipFile(tmp_path / "class" / "ann.zip", "w") as archive:
        archive.writestr("../../bob.py", RIGHT)
    by_name = table({"bob.py": WRONG})
    assert by_name["ann.zip"].outcome == "did not run"
    assert "would be written outside of the folder" in by_name["ann.zip"].words
    assert by_name["bob.py"].outcome == "wrong"
