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
    options = ["--dataset", "digits", "--seeds", "2", "--jobs", "2", "--out", "out"]
    command = [sys.executable, "-m", "chainrule", "train", "long.toml", *options]
    with subprocess.Popen(
        command, cwd=tmp_path, start_new_session=True, text=True, stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        assert process.stderr.readline() == "long: 0%\n"
        wait_until(lambda: len(group(process.pid)) >= 3, ENOUGH_S)
        yield process
        for left in group(process.pid):
            os.kill(left, signal.SIGKILL)


@pytest.mark.parametrize("how", ["Ctrl-C", "terminate"])
def test_interrupted_in_one_line_with_nothing_left(running, how):
    if how == "Ctrl-C":
        os.killpg(running.pid, signal.SIGINT)
    else:
        running.terminate()
    _, errors = running.communicate(timeout=ENOUGH_S)
    lines = [line for line in errors.splitlines() if not line.startswith("long: ")]
    assert lines == ["chainrule: interrupted; what was finished is kept: the same command goes on from there"]
    assert running.returncode == 130
    wait_until(lambda: not group(running.pid), ENOUGH_S)


def test_workers_end_with_a_killed_driver(running):
    os.kill(running.pid, signal.SIGKILL)
    wait_until(lambda: not group(running.pid), ENOUGH_S)
