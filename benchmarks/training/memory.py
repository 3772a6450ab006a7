"""Peak memory of a sweep of 40 on CIFAR-10: the command line as a user runs it, watched from outside.

The proportional set size counts what processes share, such as the mapped images, once.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

TABLE = """
title = "a sweep of 40"
[settings]
train = ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4"]
val = "data_batch_5"
test = "test_batch"
preprocess = "standardize"
hidden = [50, 50]
batch_norm = true
init = "he"
batch_size = 100
epochs = 2
shuffle = true
learning_rate = 0.01
"""
ROW = '[[rows]]\nname = "l2 1e{power}"\nset = {{ l2 = 1e{power} }}\n'


def proportional(root: psutil.Process) -> int:
    """Bytes of a process and its descendants, those that end meanwhile left out."""
    total = 0
    for process in (root, *root.children(recursive=True)):
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total


def measure() -> dict[str, float]:
    """Bytes at most, and seconds."""
    with tempfile.TemporaryDirectory() as name:
        table = Path(name) / "sweep.toml"
        table.write_text(TABLE + "".join(ROW.format(power=power) for power in range(-8, 0)))
        command = [sys.executable, "-m", "chainrule", "train", str(table), "--seeds", "5", "--quiet"]
        start, peak = time.perf_counter(), 0
        run = subprocess.Popen([*command, "--out", f"{name}/out"], stdout=subprocess.DEVNULL)
        watched = psutil.Process(run.pid)
        while run.poll() is None:
            try:
                peak = max(peak, proportional(watched))
            except psutil.Error:
                break
            time.sleep(0.1)
        if run.wait():
            raise RuntimeError(f"{command} ended with {run.returncode}")
        return {"peak_bytes": peak, "seconds": time.perf_counter() - start}
