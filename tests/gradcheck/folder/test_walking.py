"""What lies below a folder, within bounds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.folder.walking import is_folder, is_regular, listed, walked
from chainrule.gradcheck.sandbox.unpacking import Bounds


def test_everything_below_a_folder_but_what_nobody_has_written_by_hand(write):
    folder = write(
        {"b.py": "", "a/c.py": "", "a/venv/d.py": "", "a/mine/pyvenv.cfg": "", ".git/e.py": "", ".f.py": ""}
    )
    (folder / "a" / "up").symlink_to("..")
    os.mkfifo(folder / "fifo")
    assert [path.relative_to(folder).as_posix() for path in walked(folder, "class")] == [
        "b.py",
        "fifo",
        "a/c.py",
        "a/up",
    ]
    passed_over, entries = listed(folder / "a", Path("class/a"))
    assert [path.name for path in passed_over] == ["mine", "venv"]
    assert [path.name for path in entries] == ["c.py", "up"]


def test_a_link_is_neither_a_file_nor_a_folder(write):
    folder = write({"a/b.py": ""})
    (folder / "file").symlink_to("a/b.py")
    (folder / "folder").symlink_to("a")
    assert is_folder(folder / "a")
    assert is_regular(folder / "a" / "b.py")
    for name in ("file", "folder", "nowhere"):
        assert not is_folder(folder / name)
        assert not is_regular(folder / name)


def test_a_deep_folder_is_said(write):
    folder = write({"a/" * 60 + "net.py": ""})
    with pytest.raises(CheckError, match=r"ann: holds .* folders more than 50 deep"):
        list(walked(folder, "ann"))


def test_many_files_are_said(write, monkeypatch):
    folder = write({"a/1.py": "", "a/2.py": "", "3.py": ""})
    monkeypatch.setattr("chainrule.gradcheck.folder.walking.BOUNDS", Bounds(10**9, 4))
    assert len(list(walked(folder, "ann"))) == 3
    monkeypatch.setattr("chainrule.gradcheck.folder.walking.BOUNDS", Bounds(10**9, 3))
    with pytest.raises(CheckError, match="ann: holds more than 3 entries"):
        list(walked(folder, "ann"))


def test_what_cannot_be_read_is_said_by_the_name_it_has_for_the_user(tmp_path):
    with pytest.raises(CheckError, match=r"^ann: cannot be read: No such file"):
        list(walked(tmp_path / "nowhere", "ann"))
