"""Commands run in an empty folder, with no data of the user's."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from chainrule.work.executors import InProcess
from support.commands import TABLE


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHAINRULE_DATA", str(tmp_path / "data"))


@pytest.fixture(autouse=True)
def _interruptible():
    """A suite that was started in the background ignores Ctrl-C, one behind nohup that its terminal is closed, and so
    would the processes that they start."""
    usual = {signal.SIGINT: signal.default_int_handler}
    if hasattr(signal, "SIGHUP"):
        usual[signal.SIGHUP] = signal.SIG_DFL
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A file with a small table of one's own."""
    path = tmp_path / "mine.toml"
    path.write_text(TABLE)
    return path


@pytest.fixture
def in_process(monkeypatch):
    """No worker processes, which take their time to start."""
    monkeypatch.setattr("chainrule.work.processes.Processes", lambda jobs: InProcess())
