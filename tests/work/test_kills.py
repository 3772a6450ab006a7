"""A sample of what ``benchmarks/work/kills.py`` tries at many moments: whole commands, killed and run again."""

from __future__ import annotations

import signal
import sys

import pytest

from support.killed import Moment, killed, undisturbed
from support.killed_commands import COMMANDS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to see what is left")


def test_a_training_whose_driver_is_killed_ends_as_an_undisturbed_one_does(tmp_path):
    """Workers that are killed are ``test_chaos.py``'s."""
    command = COMMANDS["train"]
    usual = undisturbed(command, tmp_path / "undisturbed", ["driver"])
    at = usual.changes["driver"] // 2
    ending = killed(command, usual, Moment("driver", signal.SIGKILL, None, at, False), tmp_path / "killed")
    assert ending.hit
    assert ending.resumed
    assert ending.unequal == ()
    assert ending.left == ()
