"""The folder that a user's file runs in reads like its own, and leaves that as it is."""

import sys

import pytest

from chainrule.gradcheck.sandbox.staging import stage
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


@pytest.fixture
def staged(tmp_path):
    """Files as given under a folder of submissions; then the copy of ``ann``."""

    def stage_with(*files):
        for file in files:
            (tmp_path / "all" / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "all" / file).write_text(file)
        (tmp_path / "private").mkdir()
        return stage(tmp_path / "all" / "ann", tmp_path / "private")

    return stage_with


def test_everything_is_found_where_it_was(staged, tmp_path):
    files = ["ann/net.py", "ann/data/deep/a.txt", "ann/.git/config", "data/b.txt", "c.txt"]
    copy = staged(*files)
    assert copy == tmp_path / "private" / "beside" / "ann"
    assert [(copy.parent / file).read_text() for file in files] == files


def test_folders_are_its_own_and_files_are_links(staged, tmp_path):
    copy = staged("ann/net.py", "ann/data/a.txt")
    assert (copy / "net.py").is_symlink()
    assert not (copy / "data").is_symlink()
    (copy / "data" / "new.txt").write_text("new")
    (copy / "data" / "a.txt").unlink()
    assert [path.name for path in (tmp_path / "all" / "ann" / "data").iterdir()] == ["a.txt"]


@pytest.mark.parametrize("place", ["ann/.git/config", "data/b.txt"])
def test_hidden_folders_and_those_beside_are_linked_whole(staged, place):
    copy = staged("ann/net.py", place)
    assert (copy.parent / place).parent.is_symlink()


def test_links_are_not_followed_even_where_they_lead_in_a_circle(staged, tmp_path):
    (tmp_path / "all" / "ann").mkdir(parents=True)
    (tmp_path / "all" / "ann" / "again").symlink_to("..", target_is_directory=True)
    copy = staged("ann/net.py")
    assert (copy / "again").is_symlink()
    assert (copy / "again" / "ann" / "net.py").read_text() == "ann/net.py"


def test_of_too_many_entries_the_rest_is_linked_whole(staged, monkeypatch):
    monkeypatch.setattr("chainrule.gradcheck.sandbox.staging._MOST_ENTRIES", 3)
    copy = staged("ann/a/1", "ann/a/2", "ann/b/1", "ann/b/2", "ann/net.py")
    assert [(copy / name).is_symlink() for name in "ab"] == [False, True]
    assert (copy / "b" / "2").read_text() == "ann/b/2"


def test_an_empty_folder_is_copied_as_one(tmp_path):
    (tmp_path / "ann").mkdir()
    (tmp_path / "private").mkdir()
    copy = stage(tmp_path / "ann", tmp_path / "private")
    assert copy.is_dir()
    assert list(copy.iterdir()) == []
