"""What of a folder is a submission, and why all else is none."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.folder.entries import Submission, submissions
from support.commands import COLUMNS


def kinds(listed: list[Submission]) -> dict[str, str]:
    return {submission.name: submission.kind for submission in listed}


def test_every_entry_is_a_submission_or_is_said_to_be_none(write):
    folder = write(
        {
            "ann.py": "import helper\n", "helper.py": "", "bob.ipynb": "{}", "cara/net.py": "", "dan.zip": "",
            "notes.txt": "", "NET.PY": "", "fay.rar": "", "gil.tar.gz": "", "__init__.py": "",
        }
    )  # fmt: skip
    assert kinds(submissions(folder)) == {
        "ann.py": "file", "helper.py": "file", "bob.ipynb": "file", "cara": "folder", "dan.zip": "zip",
        "notes.txt": "other", "NET.PY": "file", "fay.rar": "odd", "gil.tar.gz": "odd", "__init__.py": "file",
    }  # fmt: skip
    said = {s.name: s.problem for s in submissions(folder) if s.problem}
    assert said == {
        "notes.txt": "notes.txt: is no .py, .ipynb or .zip file",
        "fay.rar": "fay.rar: is not unpacked; make a zip of it, or a folder",
        "gil.tar.gz": "gil.tar.gz: is not unpacked; make a zip of it, or a folder",
    }


def test_whether_another_file_imports_it_plays_no_role(write):
    folder = write({"ann.py": "if False:\n    import carl\n", "carl.py": COLUMNS})
    assert kinds(submissions(folder)) == {"ann.py": "file", "carl.py": "file"}


def test_hidden_files_caches_and_environments_are_left_out_in_one_entry(write):
    folder = write(
        {
            ".git/config.py": "", "__MACOSX/ann.py": "", "__pycache__/ann.pyc": "", "mine/pyvenv.cfg": "",
            "ann.py": "",
        }
    )  # fmt: skip
    *others, passed_over = submissions(folder)
    assert kinds(others) == {"ann.py": "file"}
    assert (passed_over.name, passed_over.kind) == (".git, __MACOSX, __pycache__, 1 more", "other")
    assert passed_over.problem.endswith("are not looked into: .git, __MACOSX, __pycache__, mine")


def test_links_and_what_is_no_file_are_said_and_not_followed(write, tmp_path):
    folder = write({"ann.py": COLUMNS})
    (tmp_path / "outside.py").write_text(COLUMNS)
    leads_to = {
        "outside.py": tmp_path / "outside.py", "beside.py": "ann.py", "zero.py": "/dev/zero", "parent": "..",
        "itself": ".", "loop.py": "loop.py", "dangling.py": "nowhere", "folder": tmp_path, "z.zip": "/dev/zero",
    }  # fmt: skip
    for name, target in leads_to.items():
        (folder / name).symlink_to(target)
    os.mkfifo(folder / "fifo.py")
    odd = {s.name: s.problem for s in submissions(folder) if s.kind == "odd"}
    assert odd.keys() == {*leads_to, "fifo.py"}
    for name in leads_to:
        assert odd[name].startswith(f"{name}: is a link to ")
    assert odd["fifo.py"] == "fifo.py: is neither a file nor a folder; take it away"


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes there")
def test_a_name_that_is_not_utf_8_is_shown_escaped(write):
    folder = write({"ann.py": ""})
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.py")).write_text(COLUMNS)
    assert kinds(submissions(folder)) == {"ann.py": "file", r"caf\xe9.py": "file"}


def test_a_folder_of_nothing_but_a_folder_is_that_one(write):
    folder = write(
        {"__MACOSX/x": "", "hand_in/lab1/ann.py": "", "hand_in/lab1/bob.py": "", "hand_in/.hidden": ""}
    )
    assert kinds(submissions(folder)) == {"ann.py": "file", "bob.py": "file", "__MACOSX, .hidden": "other"}


def test_a_folder_of_nothing_but_a_program_and_what_it_uses_is_a_submission(write):
    folder = write({"ann/net.py": COLUMNS, "ann/helper.py": "scale = 1\n"})
    assert kinds(submissions(folder)) == {"ann": "folder"}
    write({"ann/bob.py": ""})
    assert kinds(submissions(folder)) == {"bob.py": "file", "helper.py": "file", "net.py": "file"}


@pytest.mark.parametrize("files", [{}, {"readme.md": ""}, {"top/.git/net.py": ""}])
def test_a_folder_with_nothing_to_check_is_refused(write, tmp_path, files):
    (tmp_path / "class").mkdir()
    with pytest.raises(CheckError, match=r"class(/top)?: holds no \.py, \.ipynb or \.zip file and no folder"):
        submissions(write(files))


def test_a_folder_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(CheckError, match="nowhere: cannot be read: No such file"):
        submissions(tmp_path / "nowhere")
