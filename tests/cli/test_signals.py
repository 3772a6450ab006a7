"""Interrupting, terminating and killing a running command: one line, nothing left running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.processes import group, wait_until

LONG = """
title = "long"
[settings]
train = "data_batch_1"
val = "data_batch_2"
test = "test_batch"
preprocess = "center"
init = "xavier"
batch_size = 10
epochs = 1000000
shuffle = true
learning_rate = 0.1
"""
ENOUGH_S = 60

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to see which processes are left")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """``chainrule train`` at work on two processes, in a process group of its own, as on a terminal."""
    (tmp_path / "long.toml").write_text(LONG)
    (tmp_path / "tmp").mkdir()
    options = ["--dataset", "digits", "--seeds", "2", "--jobs", "2", "--out", "out"]
    command = [sys.executable, "-m", "chainrule", "train", "long.toml", *options]
    with subprocess.Popen(
        command, cwd=tmp_path, start_new_session=True, text=True, stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL, env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
    ) as process:  # fmt: skip
        assert process.stderr is not None
        assert process.stderr.readline() == "long: 0%\n"
        wait_until(lambda: len(group(process.pid)) >= 3, ENOUGH_S)
        yield process
        for left in group(process.pid):
            os.kill(left, signal.SIGKILL)


@pytest.mark.parametrize("how", ["Ctrl-C", "terminate", "hang up"])
def test_interrupted_in_one_line_with_nothing_left(running, how, tmp_path):
    if how == "terminate":
        running.terminate()
    else:
        # As a terminal does it: all of its processes get it.
        os.killpg(running.pid, signal.SIGINT if how == "Ctrl-C" else signal.SIGHUP)
    _, errors = running.communicate(timeout=ENOUGH_S)
    lines = [line for line in errors.splitlines() if not line.startswith("long: ")]
    assert lines == ["chainrule: interrupted; what was finished is kept: the same command goes on from there"]
    assert running.returncode == 130
    wait_until(lambda: not group(running.pid), ENOUGH_S)
    assert not list((tmp_path / "tmp").iterdir())


def test_workers_end_with_a_killed_driver(running):
    os.kill(running.pid, signal.SIGKILL)
    wait_until(lambda: not group(running.pid), ENOUGH_S)


@pytest.mark.parametrize("ignored", ["INT", "HUP"])
def test_what_was_to_be_ignored_is_and_a_polite_kill_still_counts(ignored):
    """As a shell starts what runs in the background, and as ``nohup`` does."""
    sent = (
        f"import os, signal\nos.kill(os.getpid(), signal.SIG{ignored})\nos.kill(os.getpid(), signal.SIGTERM)"
    )
    code = f"from chainrule import cli\ncli._command = lambda: exec({sent!r}) or 0\ncli.main()"
    shell = ["sh", "-c", f'trap "" {ignored}; exec "$@"', "sh", sys.executable, "-c"]
    ended = subprocess.run([*shell, code], capture_output=True, text=True, check=False, timeout=ENOUGH_S)
    assert ended.returncode == 130
    kept = subprocess.run([*shell, code.replace("SIGTERM", f"SIG{ignored}")], check=False, timeout=ENOUGH_S)
    assert kept.returncode == 0
