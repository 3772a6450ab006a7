"""Files appear whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chainrule import files
from chainrule.errors import StoreError


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def failing(*arguments: object) -> None:
    raise OSError(28, "No space left on device")


def test_write_and_replace(tmp_path):
    path = tmp_path / "deep" / "file.txt"
    files.write_text(path, "one")
    files.write_text(path, "zwei é")
    assert path.read_text(encoding="utf-8") == "zwei é"
    assert names(path.parent) == {"file.txt"}


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_keeps_the_old_file_and_leaves_no_rest(tmp_path, monkeypatch, step):
    path = tmp_path / "file.txt"
    files.write_text(path, "old")
    if step == "fsync":
        monkeypatch.setattr(os, "fsync", failing)
    else:
        monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(StoreError, match=r"file\.txt: cannot write: No space left on device"):
        files.write_text(path, "new")
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert names(tmp_path) == {"file.txt"}


def test_a_directory_is_replaced_whole(tmp_path):
    target = tmp_path / "data"
    files.write_directory(target, lambda folder: (folder / "a").write_text("1") and None)
    files.write_directory(target, lambda folder: (folder / "b").write_text("2") and None)
    assert names(target) == {"b"}
    assert names(tmp_path) == {"data"}


def test_a_failing_fill_keeps_the_old_directory(tmp_path):
    target = tmp_path / "data"
    files.write_directory(target, lambda folder: (folder / "a").write_text("1") and None)

    def broken(folder: Path) -> None:
        (folder / "b").write_text("half")
        failing()

    with pytest.raises(StoreError, match="No space left"):
        files.write_directory(target, broken)
    assert names(target) == {"a"}
    assert names(tmp_path) == {"data"}


DYING = Path(__file__).parent / "support" / "dying.py"


@pytest.mark.parametrize("act", ["file", "folder", "import"])
def test_killed_at_any_step_and_again_while_it_is_settled_nothing_is_lost_and_nothing_left(tmp_path, act):
    environment = {**os.environ, "PYTHONPATH": str(DYING.parents[1]), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, str(DYING), act, str(tmp_path)]
    done = subprocess.run(command, check=False, env=environment, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len({tuple(steps) for *steps, _, _ in told}) > 2
    for first, second, content, left in told:
        assert content in (["new"] if first is None else ["old", "new"]), (first, second)
        assert left == [], (first, second)
    assert [content for first, _, content, _ in told if first is None] == ["new"]
    assert "old" in [content for *_, content, _ in told]


def left_behind(folder: Path, *kinds: str) -> list[Path]:
    paths = [folder / f".data.{index:08x}.{kind}" for index, kind in enumerate(kinds)]
    for path in paths:
        path.mkdir()
        (path / "a").write_text(path.name)
    return paths


def test_what_a_killed_writer_moved_away_comes_back(tmp_path):
    old, _ = left_behind(tmp_path, "old", "tmp")
    files.settle(tmp_path / "data")
    assert (tmp_path / "data" / "a").read_text() == old.name
    assert names(tmp_path) == {"data"}


def test_of_several_the_latest_comes_back(tmp_path):
    latest, earlier = left_behind(tmp_path, "old", "old")
    os.utime(earlier, (1, 1))
    files.settle(tmp_path / "data")
    assert (tmp_path / "data" / "a").read_text() == latest.name
    assert names(tmp_path) == {"data"}


def test_what_a_living_writer_works_with_stays(tmp_path):
    def fill(folder: Path) -> None:
        (folder / "a").write_text("1")
        files.settle(tmp_path / "data")
        files.sweep(tmp_path)
        assert folder.exists()

    files.write_directory(tmp_path / "data", fill)
    (old,) = left_behind(tmp_path, "old")
    with files._held(old) as held:
        assert held
        (tmp_path / "data").rename(tmp_path / "elsewhere")
        files.settle(tmp_path / "data")
        assert names(tmp_path) == {"elsewhere", old.name}


def test_nothing_of_others_is_swept(tmp_path):
    others = {
        ".data.tmp",
        ".data.0123456z.tmp",
        ".other.01234567.tmp",
        "data.01234567.tmp",
        ".data.01234567.bak",
    }
    for name in others:
        (tmp_path / name).touch()
    files.settle(tmp_path / "data")
    assert names(tmp_path) == others
    files.sweep(tmp_path)
    assert names(tmp_path) == others - {".other.01234567.tmp"}


def test_where_nothing_can_be_locked_the_old_comes_back_and_the_rest_stays(tmp_path, monkeypatch):
    old, half = left_behind(tmp_path, "old", "tmp")
    monkeypatch.setattr(files, "flock", None)
    files.settle(tmp_path / "data")
    assert (tmp_path / "data" / "a").read_text() == old.name
    assert names(tmp_path) == {"data", half.name}


def test_settling_a_folder_that_is_not_there_or_cannot_be_written_does_nothing(tmp_path, monkeypatch):
    files.settle(tmp_path / "nowhere" / "data")
    (old,) = left_behind(tmp_path, "old")
    monkeypatch.setattr(Path, "rename", failing)
    files.settle(tmp_path / "data")
    assert names(tmp_path) == {old.name}


def test_what_a_living_writer_has_moved_away_for_an_instant_is_not_put_back(tmp_path, monkeypatch):
    target = tmp_path / "data"
    files.write_directory(target, lambda folder: (folder / "a").write_text("1") and None)
    really, settled = Path.rename, []

    def rename(path: Path, to: Path) -> Path:
        if to == target and path.suffix == ".tmp":
            files.settle(target)
            settled.append(target.exists())
        return really(path, to)

    monkeypatch.setattr(Path, "rename", rename)
    files.write_directory(target, lambda folder: (folder / "b").write_text("2") and None)
    assert settled == [False]
    assert names(target) == {"b"}
    assert names(tmp_path) == {"data"}


def test_what_was_half_removed_never_comes_back(tmp_path, monkeypatch):
    target = tmp_path / "data"
    for name in "ab":
        monkeypatch.setattr(shutil, "rmtree", lambda path, **options: (path / "a").unlink())
        files.write_directory(target, lambda folder, name=name: (folder / name).write_text("1") and None)
    monkeypatch.undo()
    shutil.rmtree(target)
    files.settle(target)
    assert names(tmp_path) == set()


@pytest.mark.parametrize("name", [".", "..", "folder"])
def test_a_folder_is_no_file_to_write(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    with pytest.raises(StoreError, match="cannot write: Is a directory; choose another place"):
        files.write_text(Path(name), "text")


def test_a_pipe_is_refused_and_stays(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for write in (files.require_writable, lambda path: files.write_text(path, "text")):
        with pytest.raises(
            StoreError, match=r": is no regular file, so none can be written there; choose an"
        ):
            write(pipe)
    assert pipe.is_fifo()
    assert names(tmp_path) == {"pipe"}


@pytest.mark.parametrize("leads_somewhere", [True, False])
def test_a_link_is_refused_and_stays_with_what_it_leads_to(tmp_path, leads_somewhere):
    target, link = tmp_path / "there" / "file.txt", tmp_path / "link.txt"
    target.parent.mkdir()
    if leads_somewhere:
        target.write_text("old")
    link.symlink_to("there/file.txt")
    for write in (files.require_writable, lambda path: files.write_text(path, "text")):
        with pytest.raises(
            StoreError, match=r"is a link to there/file\.txt; name that, or take the link away"
        ):
            write(link)
    assert link.is_symlink()
    assert not leads_somewhere or target.read_text() == "old"
    assert names(tmp_path) == {"there", "link.txt"}
