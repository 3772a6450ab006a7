"""Damaged files and such as are made to do harm, given to everything that reads files; the benchmark gives more."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import numpy as np
import pytest

from support.commands import refused
from support.mutated.attempts import attempts
from support.mutated.reader import Reader
from support.mutated.readers import READERS
from support.mutated.text_changes import VALUES, revalued
from support.mutated.watch import LONGEST, Watch

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="memory and pipes are looked at as Linux has them"
)

INPUTS = 12
"""Of each reader, times its share."""


@pytest.mark.parametrize(
    "reader", [reader for reader in READERS if reader.share >= 0.5], ids=lambda each: each.name
)
def test_what_is_damaged_is_read_or_refused_in_a_line(reader: Reader) -> None:
    told = list(attempts(reader, range(int(INPUTS * reader.share))))
    assert len(told) == int(INPUTS * reader.share)
    assert {f"{each.number}: {each.outcome}: {each.why}" for each in told if each.failed} == set()


def test_the_same_number_is_the_same_input() -> None:
    reader = next(each for each in READERS if each.name == "plot, JSON")
    first, again = ([each.why.split("given")[-1] for each in attempts(reader, range(5))] for _ in range(2))
    assert first == again
    assert len(set(first)) > 2


def test_what_a_document_gets_is_no_part_of_the_next_one() -> None:
    draws, before = np.random.Generator(np.random.PCG64(0)), repr(VALUES)
    for _ in range(200):
        revalued(b'{"a": [1, {"b": 2}], "c": {"d": "e"}}', draws)
    assert repr(VALUES) == before


def code(folder: Path) -> None:
    exec("x = 1")


def file(folder: Path) -> None:
    exec(compile("x = 1", folder / "given.py", "exec"))


def writing(folder: Path) -> None:
    Path(os.devnull).write_text("x")


def reading(folder: Path) -> None:
    Path("/etc/hostname").read_text()


def slow(folder: Path) -> None:
    signal.raise_signal(signal.SIGALRM)


def broken(folder: Path) -> None:
    raise KeyError("x")


@pytest.mark.parametrize(
    ("act", "fault"),
    [
        (code, "outside"),
        (file, "outside"),
        (writing, "outside"),
        (reading, "outside"),
        (slow, "hang"),
        (broken, "traceback"),
    ],
)
def test_what_must_not_be_is_seen(tmp_path, act, fault) -> None:
    with Watch(tmp_path) as watch:
        act(tmp_path)
    assert watch.fault == fault, watch.why


def test_what_may_be_is_no_fault(tmp_path) -> None:
    with Watch(tmp_path) as watch:
        (tmp_path / "a").write_text("x")
        (tmp_path / "a").rename(tmp_path / "b")
        (tmp_path / "b").unlink()
    assert watch.fault is None
    assert watch.seconds < LONGEST


def nothing_known(path: Path) -> None:
    path.write_bytes(b"\0\xff")


COMMANDS = {
    "history.csv": ["plot", "history", "history.csv"], "history.json": ["plot", "history", "history.json"],
    "history.npz": ["plot", "history", "history.npz"], "net.npz": ["plot", "weights", "net.npz"],
    "own.toml": ["train", "own.toml"], "search.toml": ["search", "search.toml"],
    "net.py": ["check", "net.py"], "net.ipynb": ["check", "net.ipynb"], "results.json": ["report", "."],
    "cifar-10-python.tar.gz": ["data", "import", "cifar-10-python.tar.gz", "--data-dir", "there"],
}  # fmt: skip


@pytest.mark.parametrize(
    "make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), Path.mkdir, nothing_known]
)
@pytest.mark.parametrize(("name", "command"), COMMANDS.items())
def test_commands_end_with_2_and_a_line(tmp_path, monkeypatch, capsys, name, command, make) -> None:
    monkeypatch.chdir(tmp_path)
    make(tmp_path / name)
    (line,) = refused(capsys, *command)
    assert any(part in line for part in (name, "/dev/zero"))
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("command", [["plot", "history"], ["train"], ["search"]])
def test_names_that_are_not_utf_8_are_refused_in_a_line(tmp_path, monkeypatch, capsys, command) -> None:
    monkeypatch.chdir(tmp_path)
    name = os.fsdecode(b"caf\xe9") + (".csv" if "plot" in command else ".toml")
    Path(name).write_text("x = 1")
    (line,) = refused(capsys, *command, name)
    assert "name is not UTF-8" in line
