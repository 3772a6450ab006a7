"""Commands in odd surroundings: all is as elsewhere, or a line says what is not."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from chainrule.cli.app import run
from chainrule.cli.live import watching
from chainrule.cli.progress import progress
from chainrule.machine import compiler
from chainrule.machine.kernels import SWITCH
from support.commands import TABLE, WRONG
from support.searching import trial

PACKAGE = Path(compiler.__file__).parents[1]
ENOUGH_S = 120
TRAIN = ["train", "mine.toml", "--dataset", "digits", "--seeds", "2", "--out", "out", "--jobs"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="made by Linux's own commands")


@dataclass(frozen=True)
class Surrounding:
    """What a command is started in.

    Attributes:
        shell: what a shell does first, in the command's folder.
        environment: what is set there, beside what is set anyway.
        mounts: whether the shell mounts something, which nobody else is to see.
        root: whether only root can make it.
        note: how the line begins that training says there.
    """

    shell: str = ":"
    environment: Mapping[str, str] = field(default_factory=dict)
    mounts: bool = False
    root: bool = False
    note: str | None = None

    def require(self) -> None:
        """Skip where the system cannot make it."""
        if self.root and os.getuid():
            pytest.skip("only root can be somebody else")
        if self.mounts and subprocess.run([*_apart(), "true"], capture_output=True, check=False).returncode:
            pytest.skip("this system lets nothing be mounted for one process alone")

    def ended(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command in it, to its end."""
        shell = [*(_apart() if self.mounts else []), "sh", "-ec", f'{self.shell}\nexec "$@"', "sh"]
        return subprocess.run(
            [*shell, sys.executable, "-m", "chainrule", *words], env={**os.environ, **self.environment},
            check=False, capture_output=True, encoding="utf-8", timeout=ENOUGH_S,
        )  # fmt: skip


def _apart() -> list[str]:
    return ["unshare", "--mount", *(["--map-root-user"] if os.getuid() else [])]


def read_only(*places: str) -> str:
    """Words of shell that let nothing be written there."""
    return "\n".join(f"mount --bind {at} {at}\nmount -o remount,bind,ro {at}" for at in places)


def as_nobody() -> str:
    """Words of shell that make of root a user who owns nothing and has no home, but may read what Python needs."""
    words = ["mkdir -p held", "chmod 777 .", "mount --bind . /mnt", "cd /mnt"]
    needed = {str(Path(sys.base_prefix).resolve()), sys.prefix, str(PACKAGE.parent)}
    closed = {top for at in needed for top in Path(at).parents if not top.stat().st_mode & 1}
    for top in sorted(closed)[:1]:
        words += [f"mount --rbind {top} held", f"mount -t tmpfs -o mode=755 none {top}"]
        for at in needed:
            if Path(at).is_relative_to(top):
                words += [f"mkdir -p {at}", f"mount --bind held/{Path(at).relative_to(top)} {at}"]
    become = "setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all"
    return "\n".join([*words, f'set -- {become} "$@"'])


UNKEPT = f"NumPy trains, as {compiler.UNKEPT[:40]}"
SURROUNDINGS = {
    "as a service": Surrounding(
        "trap '' INT HUP\numask 077\nexec <&-", {"TERM": "dumb", "COLUMNS": "20", "PYTHONWARNINGS": "error"}
    ),
    "64 files in the C locale": Surrounding(
        "ulimit -n 64", {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ),
    "no shared memory": Surrounding(
        "mount -t tmpfs -o ro none /dev/shm", mounts=True, note="all is done in one process: worker processes"
    ),
    "home and installation that cannot be written": Surrounding(
        read_only("$HOME", str(PACKAGE)), {"CHAINRULE_COMPILED": "on"}, mounts=True, note=UNKEPT
    ),
    "nobody": Surrounding(
        as_nobody(), {"CHAINRULE_COMPILED": "on", "HOME": "/nonexistent"}, mounts=True, root=True, note=UNKEPT
    ),
}


@pytest.fixture(autouse=True)
def _place(tmp_path, monkeypatch):
    """A folder with what the commands take, and one to call home."""
    prepare(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    # On some processors workers get another kernel, whose results differ by rounding, and a note says so.
    monkeypatch.setenv(SWITCH, "off")
    for name in ("XDG_CACHE_HOME", "NUMBA_CACHE_DIR", "TMPDIR"):
        monkeypatch.delenv(name, raising=False)


def prepare(folder: Path) -> None:
    """Put there what the commands take."""
    (folder / "home").mkdir()
    (folder / "net.py").write_text(WRONG)
    (folder / "mine.toml").write_text(TABLE.replace("mine", "mine — ü"), encoding="utf-8")


def made(folder: Path) -> dict[str, bytes]:
    """What was trained, by file."""
    return {path.name: path.read_bytes() for path in (folder / "out/members").iterdir()}


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    """What is trained elsewhere."""
    folder = tmp_path_factory.mktemp("usual")
    prepare(folder)
    with contextlib.chdir(folder), pytest.MonkeyPatch.context() as environment:
        environment.setenv(SWITCH, "off")
        assert run([*TRAIN, "1"]) == 0
    return made(folder)


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_a_gradient_is_checked_and_nets_are_trained_as_elsewhere(name, usual, tmp_path):
    surrounding = SURROUNDINGS[name]
    surrounding.require()
    checked = surrounding.ended("check", "net.py")
    assert (checked.returncode, checked.stderr) == (1, "")
    assert checked.stdout.startswith("the gradient is wrong: wrong-sign\n")
    trained = surrounding.ended(*TRAIN, "2")
    assert trained.returncode == 0, trained.stderr
    notes = [line for line in trained.stderr.splitlines() if not line.startswith("mine: ")]
    assert [line.startswith(f"note: {surrounding.note}") for line in notes] == [True] * bool(surrounding.note)
    assert made(tmp_path) == usual


def test_what_was_written_is_for_its_owner_alone_where_all_is(tmp_path):
    assert Surrounding("umask 077").ended("check", "net.py", "--out", "out").returncode == 1
    assert {path.stat().st_mode & 0o77 for path in (tmp_path / "out").rglob("*")} == {0}


def test_too_few_files_are_a_line():
    few = Surrounding("ulimit -n 20")
    assert few.ended("check", "net.py").returncode == 1
    trained = few.ended(*TRAIN, "2", "--quiet")
    assert trained.returncode == 2
    assert trained.stderr == (
        "chainrule: Too many open files; allow more, as with `ulimit -n 256`, or use fewer --jobs\n"
    )


@pytest.mark.parametrize("width", [20, 40])
def test_progress_fits_a_narrow_terminal(width, capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    with watching("s", "val_accuracy", quiet=False) as watched:
        watched.search(5, 10, [trial(0, {"l2": 0.25}, 0.5), trial(1, {"l2": 0.5}, 0.625)])
    shown = re.sub("\x1b\\[[0-9;?]*[A-Za-z]", "", capsys.readouterr().err)
    assert max(map(len, re.split("[\r\n]+", shown))) <= width
    assert "50%" in shown


def test_a_dumb_terminal_gets_lines(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    with watching("s", "val_accuracy", quiet=False) as watched:
        watched.search(5, 10, [])
    with progress("t", quiet=False) as update:
        update(10, 10)
    assert capsys.readouterr().err == "s: 50%\nt: 100%\n"
