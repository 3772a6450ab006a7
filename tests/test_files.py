"""Files appear whole or not at all."""

from __future__ import annotations

import os
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
