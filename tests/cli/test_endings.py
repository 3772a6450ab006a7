"""However a command ends, it ends with an exit code that means something, and a line on standard error."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from chainrule.cli import commands
from chainrule.cli.endings import ended, told
from chainrule.errors import StoreError
from support.commands import refused

ROOT = Path(__file__).parents[2]
OURS = (
    "this is a fault of chainrule or of its installation, not of yours; CHAINRULE_TRACEBACK=1 shows all of it"
)


def leaves(command, path=()):
    """Every command below a command, with the words that call it."""
    below = getattr(command, "commands", None)
    if below is None:
        return [(path, command)]
    return [leaf for name, inner in below.items() for leaf in leaves(inner, (*path, name))]


EVERY = [words for name in commands.COMMANDS for words, _ in leaves(commands.load(name), (name,))]
"""The words of every command: one that is new is tested, too."""


class Panic(BaseException):
    """As libraries in Rust raise it: no Exception."""


def fault():
    raise KeyError("a\nb")


def endless():
    endless()


def panic():
    raise Panic("panicked")


def leaving():
    sys.exit(1)


FAULTS = {
    fault: r"KeyError: 'a\nb'; ",
    endless: "RecursionError: maximum recursion depth exceeded",
    panic: "Panic: panicked; ",
    leaving: "SystemExit: 1; ",
}


@pytest.mark.parametrize("raises", FAULTS)
@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_a_fault_in_a_command_is_a_line_and_code_2(monkeypatch, capsys, words, raises):
    load = commands.load

    def broken(name):
        command = load(name)
        for _, leaf in leaves(command):
            leaf.params, leaf.callback = [], raises
        return command

    monkeypatch.setattr(commands, "load", broken)
    (line,) = refused(capsys, *words)
    assert line.startswith(FAULTS[raises])
    assert line.endswith(OURS)


@pytest.mark.parametrize("name", commands.COMMANDS)
def test_a_command_that_cannot_be_imported_says_that_the_installation_is_broken(monkeypatch, capsys, name):
    monkeypatch.setitem(sys.modules, f"chainrule.cli.{name}", None)
    (line,) = refused(capsys, name, "--help")
    assert line.startswith("ModuleNotFoundError: ")
    assert "the installation is broken: install chainrule and what it needs again" in line


def test_a_fault_in_the_reading_of_options(monkeypatch, capsys):
    def broken(self, *arguments):
        raise AttributeError("no such thing")

    monkeypatch.setattr(commands.Commands, "resolve_command", broken)
    (line,) = refused(capsys, "recipes")
    assert line.startswith("AttributeError: no such thing; ")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (StoreError("out: is in use", "and full"), ["out: is in use", "and full"]),
        (MemoryError(), ["there is not enough memory; use smaller settings or fewer --jobs"]),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            ["No space left on device; is there space, and may you write there?"],
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "out/plan.json"),
            ["out/plan.json: Permission denied; is there space, and may you write there?"],
        ),
        (
            UnicodeEncodeError("utf-8", "\udc80", 0, 1, "surrogates not allowed"),
            [
                f"UnicodeEncodeError: 'utf-8' codec can't encode character '\\udc80' in position 0: surrogates not "
                f"allowed; {OURS}"
            ],
        ),
        (
            OSError(errno.EMFILE, "Too many open files"),
            ["Too many open files; allow more, as with `ulimit -n 256`, or use fewer --jobs"],
        ),
        (FileNotFoundError(errno.ENOENT, "gone"), [f"FileNotFoundError: [Errno 2] gone; {OURS}"]),
        (ValueError("\x1b[31m" + 2000 * "x"), None),
        (
            ExceptionGroup("several", [ValueError("a")]),
            [f"ExceptionGroup: several (1 sub-exception); {OURS}"],
        ),
        (AssertionError(), [f"AssertionError; {OURS}"]),
    ],
)
def test_what_is_said(capsys, error, expected):
    assert told(error) == 2
    lines = capsys.readouterr().err.splitlines()
    if expected is None:
        (line,) = lines
        assert line.isprintable()
        assert line.endswith(OURS)
    else:
        assert lines == [f"chainrule: {line}" for line in expected]


def test_an_error_that_came_of_an_interruption_is_one(capsys):
    def interrupted():
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt:
            raise RuntimeError("while cleaning up")  # noqa: B904 - as it happens

    assert ended(interrupted) == 130
    assert capsys.readouterr().err == (
        "chainrule: interrupted; what was finished is kept: the same command goes on from there\n"
    )


@pytest.mark.parametrize(("value", "shown"), [("1", True), ("0", False), ("", False)])
def test_all_of_it_is_shown_to_who_asks(monkeypatch, capsys, value, shown):
    monkeypatch.setenv("CHAINRULE_TRACEBACK", value)
    assert ended(fault) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1].startswith("chainrule: KeyError")
    assert ("Traceback (most recent call last):" in lines) is shown
    assert any("in fault" in line for line in lines) is shown


def process(*arguments: str, path: Path | None = None, shell: str = "", **environment: str):
    """A command in a process of its own, ``path`` in front of what Python imports."""
    variables = {**os.environ, "PYTHONUNBUFFERED": "", **environment} | (
        {"PYTHONPATH": str(path)} if path else {}
    )
    command = [sys.executable, "-m", "chainrule", *arguments]
    if shell:
        command = ["bash", "-c", f'"$@" {shell}', "bash", *command]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=variables, timeout=120)


def broken_module(folder: Path, name: str, code: str) -> Path:
    (folder / f"{name}.py").write_text(code)
    return folder


SIGNALLED = "import os, signal, time\nos.kill(os.getpid(), signal.{})\ntime.sleep(60)"
THREAD = "import threading\nthread = threading.Thread(target=lambda: 1 / 0)\nthread.start()\nthread.join()\n"
TAKEN_FOR_AN_ERROR = """
import os, signal, time
failed = False
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)
except KeyboardInterrupt:
    failed = True
if failed:
    raise ValueError("cannot serialise")
"""
IN_CLEAN_UP = """
import os, signal, time
class Kept:
    def __del__(self):
        os.kill(os.getpid(), signal.{})
        time.sleep(1)
Kept()
time.sleep(60)
"""
WARNING = "import warnings\nwarnings.warn('mind')\nraise RuntimeError('broken')"


@pytest.mark.parametrize(
    ("module", "code", "exit_code", "expected"),
    [
        ("numpy", 'raise RuntimeError("does not fit")', 2, "RuntimeError: does not fit; this is a fault"),
        ("numpy", 'raise ImportError("no libm")', 2, "ImportError: no libm; the installation is broken"),
        ("typer", "", 2, "; the installation is broken"),
        ("numpy", SIGNALLED.format("SIGINT"), 130, "interrupted; what was finished is kept"),
        ("numpy", SIGNALLED.format("SIGTERM"), 130, "interrupted; what was finished is kept"),
        ("numpy", TAKEN_FOR_AN_ERROR, 130, "interrupted; what was finished is kept"),
        ("numpy", IN_CLEAN_UP.format("SIGINT"), 130, "interrupted; what was finished is kept"),
        ("numpy", IN_CLEAN_UP.format("SIGTERM"), 130, "interrupted; what was finished is kept"),
        ("numpy", WARNING, 2, "RuntimeError: broken; "),
        ("numpy", f"{THREAD}from chainrule.cli.app import typer\nraise typer.Exit(0)", 2, "ZeroDivisionError: "),
    ],
)  # fmt: skip
def test_whatever_happens_at_any_moment_is_a_line(tmp_path, module, code, exit_code, expected):
    ran = process("recipes", path=broken_module(tmp_path, module, code))
    assert (ran.returncode, ran.stdout) == (exit_code, "")
    (line,) = ran.stderr.splitlines()
    assert line.startswith("chainrule: ")
    assert expected in line


def test_a_numba_that_does_not_fit(tmp_path):
    file = ROOT / "examples" / "hinge.toml"
    folder = broken_module(tmp_path, "numba", 'raise SystemError("initialization failed")')
    arguments = ["train", str(file), "--dataset", "digits", "--out", str(tmp_path / "out"), "--quiet"]
    ran = process(*arguments, path=folder, CHAINRULE_COMPILED="on")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == f"chainrule: SystemError: initialization failed; {OURS}\n"


@pytest.mark.skipif(sys.platform != "linux", reason="reads and closes what a shell on Linux has")
@pytest.mark.parametrize(
    ("shell", "exit_code", "expected"),
    [
        ("> /dev/full", 2, "chainrule: No space left on device; is there space, and may you write there?\n"),
        (">&-", 0, ""),
        ("<&- >&- 2>&-", 0, ""),
        ("2> /dev/full", 0, ""),
    ],
)
def test_standard_files_that_are_full_closed_or_read_by_nobody(shell, exit_code, expected):
    ran = process("explain", "--markdown", shell=shell)
    assert (ran.returncode, ran.stderr) == (exit_code, expected)


@pytest.mark.skipif(sys.platform != "linux", reason="reads and closes what a shell on Linux has")
def test_what_is_left_to_be_written_makes_no_noise_at_the_end(tmp_path):
    written = broken_module(
        tmp_path, "numpy", 'import sys\nsys.stdout.write("x")\nraise RuntimeError("broken")'
    )
    ran = process("recipes", path=written, shell="> /dev/full")
    assert (ran.returncode, ran.stderr) == (2, f"chainrule: RuntimeError: broken; {OURS}\n")


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_nobody_reads_any_more(tmp_path, stream):
    reads, writes = os.pipe()
    os.close(reads)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: writes}
    words = {"stdout": ["explain", "--markdown"], "stderr": ["data", "import", "none"]}[stream]
    with subprocess.Popen([sys.executable, "-m", "chainrule", *words], cwd=tmp_path, **streams) as process:
        os.close(writes)
        others = [text for text in process.communicate(timeout=120) if text]
    assert (process.returncode, others) == ({"stdout": 141, "stderr": 2}[stream], [])


def test_what_a_worker_meets_is_a_line(tmp_path):
    broken = broken_module(tmp_path, "safetensors", "raise RuntimeError('does not fit')")
    file = ROOT / "examples" / "hinge.toml"
    arguments = ["train", str(file), "--dataset", "digits", "--out", str(tmp_path / "out"), "--quiet"]
    ran = process(*arguments, path=broken)
    assert ran.returncode == 2
    (line,) = ran.stderr.splitlines()
    assert line.startswith("chainrule: ")
    shown = process(*arguments, path=broken, CHAINRULE_TRACEBACK="1").stderr
    assert "Traceback (most recent call last):" in shown
    assert shown.splitlines()[-1] == line
