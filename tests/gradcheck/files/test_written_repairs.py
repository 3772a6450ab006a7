"""A repair written into its file."""

from __future__ import annotations

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.files.written_repairs import write
from chainrule.gradcheck.result import Repair, TextEdit

TEXT = b"x = 1\r\ny = 2\r\n"


def repair(*edits):
    return Repair("", "", ("number",), (), 3, edits=edits)


THREE = repair(TextEdit("net.py", 2, 4, 2, 5, "2", "3"))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "net.py"
    path.write_bytes(TEXT)
    path.chmod(0o640)
    return path


def test_the_original_is_kept_and_never_overwritten(path):
    ((file, kept),) = write(path, [THREE], TEXT)
    assert (file, kept.name) == (path, "net.py.orig")
    assert path.read_bytes() == TEXT.replace(b"2", b"3")
    assert kept.read_bytes() == TEXT
    assert path.stat().st_mode & 0o777 == kept.stat().st_mode & 0o777 == 0o640
    path.write_bytes(TEXT)
    ((_, again),) = write(path, [THREE], TEXT)
    assert again.name == "net.py.orig.2"
    assert kept.read_bytes() == TEXT


def test_a_file_that_was_changed_meanwhile_is_left_alone(path):
    path.write_bytes(TEXT + b"z = 3\r\n")
    with pytest.raises(CheckError, match="changed while it was checked"):
        write(path, [THREE], TEXT)
    assert [each.name for each in path.parent.iterdir()] == ["net.py"]


def test_two_repairs_of_the_same_text_are_not_both_written(path):
    four = repair(TextEdit("net.py", 2, 4, 2, 5, "2", "4"))
    with pytest.raises(CheckError):
        write(path, [THREE, four], TEXT)
    assert write(path, [THREE, THREE], TEXT)
