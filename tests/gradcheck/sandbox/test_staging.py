"""The folder that a user's file runs in reads like its own, and leaves that as it is."""

import sys

import pytest

from support.handed_in import ROWS, runs

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs limits that this system does not have")


def test_files_beside_it_are_read_and_what_it_writes_is_thrown_away(write, tmp_path):
    code = """
import os
import helper
assert open("data/points.txt").read() == "beside"
assert open("../shared.txt").read() == "above"
open("figure.png", "w").write("new")
open("notes.txt", "a").write(", added")
assert open("notes.txt").read() == "kept, added"
open("data/new.txt", "w").write("new")
os.makedirs("results/deep")
os.remove("figure.png")
import tempfile, shutil
shutil.rmtree(tempfile.mkdtemp())
"""
    path = write(code + ROWS)
    (path.parent / "helper.py").write_text("answer = 42\n")
    (path.parent / "notes.txt").write_text("kept")
    (path.parent / "data").mkdir()
    (path.parent / "data" / "points.txt").write_text("beside")
    (path.parent.parent / "shared.txt").write_text("above")
    before = sorted(tmp_path.rglob("*"))
    runs(path)
    assert sorted(tmp_path.rglob("*")) == before
    assert (path.parent / "notes.txt").read_text() == "kept"
