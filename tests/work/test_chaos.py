"""Two hundred nets while drivers and workers are killed: all finished, none trained once more after its shard."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from chainrule.work.executors import InProcess
from support import chaos
from support.processes import group

DRIVER_DEATHS, WORKER_DEATHS, TORN = 3, 8, 2

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to see which processes are left")


def drive(folder: Path) -> int:
    """One driver until it ends or is killed, and its workers have gone too; its exit code."""
    driver = subprocess.Popen(
        [sys.executable, chaos.__file__, str(folder)], start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(Path(chaos.__file__).parents[1])},
    )  # fmt: skip
    code = driver.wait()
    while group(driver.pid):
        time.sleep(0.05)
    return code


def test_two_hundred_nets_survive_killed_drivers_and_workers(tmp_path):
    (tmp_path / "bombs").mkdir()
    for kind, count, first, step in (
        ("driver", DRIVER_DEATHS, 25, 70),
        ("worker", WORKER_DEATHS, 5, 23),
        ("torn", TORN, 40, 100),
    ):
        for number in range(count):
            (tmp_path / "bombs" / f"{kind}-{first + step * number}").touch()

    codes = [drive(tmp_path)]
    while codes[-1] == -9 and len(codes) <= DRIVER_DEATHS:
        codes.append(drive(tmp_path))
    assert codes == [-9] * DRIVER_DEATHS + [0]
    assert not list((tmp_path / "bombs").iterdir())

    deaths = DRIVER_DEATHS + WORKER_DEATHS + TORN
    log = (tmp_path / "log").read_text().splitlines()
    finished: set[str] = set()
    for line in log:
        what, name, *_ = line.split()
        if what == "epoch":
            assert name not in finished, f"{name} was trained again after its shard"
        elif name.startswith("members/"):
            finished.add(Path(name).stem)
    # A worker may be killed between a shard and its line in the log.
    assert 200 - deaths <= len(finished) <= 200
    # A death costs two running populations of ten the epoch that they were in, at most.
    assert sum(line.startswith("epoch") for line in log) <= 200 * 5 + deaths * 2 * 10

    members = chaos.train(tmp_path, InProcess()).members
    assert len((tmp_path / "log").read_text().splitlines()) == len(log)
    undisturbed = chaos.train(tmp_path / "undisturbed", InProcess()).members
    assert members.keys() == undisturbed.keys()
    assert len(members) == 200
    for name, member in members.items():
        # Populations were cut and packed anew on the way, and workers may run another kernel.
        np.testing.assert_allclose(member.history.val_loss, undisturbed[name].history.val_loss, rtol=1e-4)
        assert abs(member.final["val_accuracy"] - undisturbed[name].final["val_accuracy"]) <= 1 / 300 + 1e-9
    left = {path.name for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert left == {".driver.lock", *(f"{name}.json" for name in members)}


def test_the_nets_are_those_that_were_meant():
    populations = {net.seed for net in chaos.NETS}
    assert (len(chaos.NETS), len(populations)) == (200, 20)
    assert len({net.id for net in chaos.NETS}) == 200
