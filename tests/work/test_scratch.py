"""Temporary folders that no kill leaves behind for good."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from chainrule import files
from chainrule.errors import StoreError
from chainrule.work import scratch
from chainrule.work.training import train_all
from support.training import nothing, sweep

HOLDING = """
from chainrule.work import scratch
with scratch.folder() as private:
    (private / "note").write_text("x")
    print(private, flush=True)
    input()
"""

LEFT = f".{scratch.NAME}.00000000.tmp"

pytestmark = pytest.mark.skipif(files.flock is None, reason="no locks that end with their process")


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """Where temporary folders go."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    return tmp_path


@pytest.fixture
def holder():
    """Another process that uses a folder."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        process.stdout.readline()
        yield process
        process.kill()


def test_a_folder_goes_with_its_block(place):
    with scratch.folder() as private:
        (private / "note").write_text("x")
        assert private.parent == place
    assert not list(place.iterdir())


def test_what_a_killed_process_left_is_swept_and_what_is_in_use_stays(place, holder):
    with scratch.folder() as own, scratch.folder():
        assert len(list(place.iterdir())) == 3
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        scratch.sweep()
        assert len(list(place.iterdir())) == 2
        assert own.exists()


def test_a_folder_of_a_process_killed_before_it_was_held_is_swept_and_nothing_of_others(place):
    (place / LEFT).mkdir()
    (place / "elsewhere").mkdir()
    (place / "elsewhere" / "note").touch()
    (place / LEFT.replace("0", "1")).symlink_to(place / "elsewhere")
    (place / "chainrule-mine").mkdir()
    scratch.sweep()
    assert {path.name for path in place.iterdir()} == {"elsewhere", "chainrule-mine"}
    assert [path.name for path in (place / "elsewhere").iterdir()] == ["note"]


def test_it_is_swept_also_where_nothing_is_left_to_train(place, net, site):
    nets = sweep(net, 1)
    train_all(nets, site(), nothing)
    (place / LEFT).mkdir()
    train_all(nets, site(), nothing)
    assert not list(place.glob(f".{scratch.NAME}.*"))


def test_a_folder_that_was_taken_for_a_left_one_is_made_again(place, monkeypatch):
    lock, taken = files.flock, []

    def late(descriptor, how):
        if not taken:
            taken.extend(place.iterdir())
            taken[0].rmdir()
        lock(descriptor, how)

    monkeypatch.setattr(files, "flock", late)
    with scratch.folder() as private:
        assert private.exists()
        assert private != taken[0]


def test_no_place_is_a_line(place, monkeypatch):
    def nowhere():
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.gettempdir", nowhere)
    scratch.sweep()
    with pytest.raises(StoreError, match="cannot make a temporary folder: No usable temporary directory"):
        scratch.folder().__enter__()
