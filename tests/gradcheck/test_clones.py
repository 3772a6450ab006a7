"""Processes of users' files that cost no start of Python: what they are, and what happens where there are none."""

import os
import platform
import sys
import threading
from pathlib import Path

import pytest

from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.sandbox import process
from chainrule.gradcheck.sandbox.process import Limits
from support import prepared
from support.checked_files import check_only
from support.cloning import Clones, subprocess_with

NET = """
import numpy as np

def cost(W, X, Y):
    return 0.5 * ((X @ W - Y) ** 2).sum()

def gradient(W, X, Y):
    return X.T @ (X @ W - Y)
"""


class Counted(Clones):
    """Counts what was asked for and what was given."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[int | None] = []

    def clone(self, arguments, environment, pipes):
        self.given.append(super().clone(arguments, environment, pipes))
        return self.given[-1]


def verdict(net: Path) -> str:
    return check_only(net, Conditions(Limits(), untrusted=False, explained=False))[0].verdict


@pytest.fixture
def clones(monkeypatch):
    clones = Counted()
    monkeypatch.setattr(process, "subprocess", subprocess_with(clones))
    yield clones
    clones.close()


@pytest.fixture
def net(tmp_path):
    file = tmp_path / "net.py"
    file.write_text(NET)
    return file


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in prepared.CLONE, reason="clones are made on Linux"
)
def test_a_file_is_checked_in_a_clone_and_where_there_is_none_in_a_process_of_its_own(clones, net):
    assert verdict(net) == "right"
    assert clones.given
    assert all(number and number != os.getpid() for number in clones.given)
    clones.given.clear()
    assert clones._process is not None
    clones._process.kill()
    clones._process.wait()
    assert verdict(net) == "right"
    assert set(clones.given) == {None}


def test_a_thread_that_may_end_has_nothing_prepared(clones, net):
    thread = threading.Thread(target=verdict, args=(net,))
    thread.start()
    thread.join()
    assert set(clones.given) == {None}
