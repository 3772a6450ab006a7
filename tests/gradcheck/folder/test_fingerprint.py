"""A fingerprint follows what belongs to a submission."""

from __future__ import annotations

import os

from chainrule.gradcheck.folder.entries import submissions
from chainrule.gradcheck.folder.fingerprint import fingerprint
from chainrule.gradcheck.sandbox.unpacking import Bounds
from support.commands import COLUMNS


def test_a_fingerprint_changes_with_what_belongs_to_the_submission_and_with_nothing_else(write):
    folder = write({"ann/net.py": COLUMNS, "ann/data.txt": "1", "bob.py": COLUMNS})
    ann, bob = submissions(folder)
    before = fingerprint(ann), fingerprint(bob)
    assert before[0] != before[1]
    write({"ann/.cache/x": "1", "ann/__pycache__/net.pyc": "1"})
    assert (fingerprint(ann), fingerprint(bob)) == before
    write({"ann/data.txt": "2"})
    assert fingerprint(ann) != before[0]
    assert fingerprint(bob) == before[1]
    write({"ann/data.txt": "1", "bob.py": COLUMNS + "\n"})
    assert fingerprint(ann) == before[0]
    assert fingerprint(bob) != before[1]
    (folder / "ann" / "data.txt").rename(folder / "ann" / "other.txt")
    assert fingerprint(ann) != before[0]


def test_what_is_too_large_to_be_copied_is_known_by_its_size_and_time(write, only, monkeypatch):
    folder = write({"ann/net.py": "12", "ann/data": "12345"})
    monkeypatch.setattr("chainrule.gradcheck.folder.fingerprint.BOUNDS", Bounds(4, 100))
    before = fingerprint(only(folder))
    os.utime(folder / "ann" / "net.py", ns=(1, 1))
    assert fingerprint(only(folder)) == before
    os.utime(folder / "ann" / "data", ns=(1, 1))
    assert fingerprint(only(folder)) != before


def test_a_link_is_known_by_where_it_leads(write, only):
    folder = write({"ann/net.py": COLUMNS, "ann/a": "1", "ann/b": "2"})
    link = folder / "ann" / "data"
    link.symlink_to("a")
    before = fingerprint(only(folder))
    link.unlink()
    link.symlink_to("b")
    assert fingerprint(only(folder)) != before


def test_a_pipe_is_not_read(write, only):
    folder = write({"ann/net.py": COLUMNS})
    before = fingerprint(only(folder))
    os.mkfifo(folder / "ann" / "fifo")
    assert fingerprint(only(folder)) != before
