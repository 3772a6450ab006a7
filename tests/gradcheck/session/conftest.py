"""What the tests of notebooks share."""

from __future__ import annotations

import builtins
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config


@pytest.fixture
def shell(monkeypatch, tmp_path):
    """IPython, in this process."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    # It puts itself into the place of these.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    for name in ("display", "__IPYTHON__"):
        monkeypatch.setattr(builtins, name, None, raising=False)
    return InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))


@pytest.fixture
def cell(shell):
    """Runs a cell; gives its value, or what it raised."""

    def run(text):
        result = shell.run_cell(text, store_history=True)
        return result.error_in_exec or result.error_before_exec or result.result

    return run
