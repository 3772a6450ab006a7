"""One driver a folder: the second is refused, a killed one holds nobody up."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys

import pytest

from chainrule.errors import StoreError
from chainrule.work import lock

HOLDER = """
import sys, time
from pathlib import Path
from chainrule.work import lock

with lock.held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """Another process that holds the folder until it is killed or its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "out")], text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_driver_is_refused_in_a_line_that_names_the_first(other, tmp_path):
    with pytest.raises(StoreError) as caught, lock.held(tmp_path / "out"):
        pass
    assert str(caught.value) == (
        f"{tmp_path / 'out'}: in use by process {other.pid} on {socket.gethostname()}; "
        "wait for it, or choose another --out"
    )


def test_what_a_killed_driver_leaves_holds_nobody_up(other, tmp_path):
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    stale = lock.driver_of(tmp_path / "out")
    assert stale is not None
    assert stale.pid == other.pid
    with lock.held(tmp_path / "out") as driver:
        assert driver.pid == os.getpid()
        assert driver.run != stale.run
        assert lock.driver_of(tmp_path / "out") == driver


def test_a_driver_that_ends_lets_go_and_leaves_no_name(other, tmp_path):
    other.communicate()
    assert lock.driver_of(tmp_path / "out") is None
    with lock.held(tmp_path / "out"):
        pass
    assert {path.name for path in (tmp_path / "out").iterdir()} <= lock.FILES


def test_who_holds_a_folder_may_hold_it_again(tmp_path):
    with lock.held(tmp_path) as outer:
        with lock.held(tmp_path) as inner:
            assert inner == outer
        assert lock.driver_of(tmp_path) == outer
    with lock.held(tmp_path) as later:
        assert later.run != outer.run


def test_other_folders_are_free(other, tmp_path):
    with lock.held(tmp_path / "other"):
        pass


@pytest.mark.parametrize("content", ["", "{}", '{"pid": "x"}'])
def test_a_driver_whose_name_cannot_be_read_is_refused_too(other, tmp_path, content):
    (tmp_path / "out" / ".driver.json").write_text(content)
    with (
        pytest.raises(StoreError, match="in use by another process; wait for it"),
        lock.held(tmp_path / "out"),
    ):
        pass


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path, monkeypatch):
    def refuse(*arguments, **more):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "open", refuse)
    with (
        pytest.raises(StoreError, match="cannot use the folder: Read-only file system; choose another"),
        lock.held(tmp_path),
    ):
        pass


def test_a_link_in_the_place_of_the_lock_is_refused(tmp_path):
    (tmp_path / "precious").write_text("text")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".driver.lock").symlink_to(tmp_path / "precious")
    with pytest.raises(StoreError, match="cannot use the folder"), lock.held(tmp_path / "out"):
        pass
    assert (tmp_path / "precious").read_text() == "text"
