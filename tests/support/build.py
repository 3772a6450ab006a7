"""Compiled code for the tests that need it: built once a machine, in the background, while other tests run."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chainrule.machine.compiler import SWITCH

_BUILD = """
import pathlib, sys, traceback
ended = pathlib.Path(sys.argv[1])
try:
    import numpy
    from chainrule.machine import compiler
    from chainrule.train.population import components_ready, ready
    if compiler.available():
        for dtype in (numpy.float32, numpy.float64):
            ready(dtype)
            components_ready(dtype)
    text = ""
except BaseException:
    text = traceback.format_exc()
ended.with_suffix(".part").write_text(text)
ended.with_suffix(".part").replace(ended)
"""
_LONGEST_S = 600.0


_PROCESS = pytest.StashKey["subprocess.Popen[bytes]"]()


def ended(config: pytest.Config) -> Path:
    """The file that the build leaves, with what went wrong: the same for all processes of a test run."""
    own: Path = config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    return (own.parent if hasattr(config, "workerinput") else own) / "compiling" / "ended"


def start(config: pytest.Config) -> None:
    """Start the build, unless another process of this test run did."""
    file = ended(config)
    try:
        file.parent.mkdir()
    except FileExistsError:
        return
    environment = {name: value for name, value in os.environ.items() if name != SWITCH}
    config.stash[_PROCESS] = subprocess.Popen(
        [sys.executable, "-c", _BUILD, str(file)], env=environment, stdout=subprocess.DEVNULL
    )


def end(config: pytest.Config) -> None:
    """Let the build end, where it is this process's: others may still wait for it."""
    if process := config.stash.get(_PROCESS, None):
        process.wait()


def wait(config: pytest.Config) -> None:
    """Wait for the build; what went wrong there fails whoever needs it."""
    file, until = ended(config), time.monotonic() + _LONGEST_S
    while not file.exists():
        if time.monotonic() > until:
            pytest.fail("compiled code was not built in time")
        time.sleep(0.1)
    if text := file.read_text():
        pytest.fail(f"compiled code could not be built:\n{text}")


def is_needed(item: pytest.Item) -> bool:
    """Whether a test waits for compiled code."""
    parameters = getattr(item, "callspec", None)
    chosen = parameters.params.get("engine") if parameters else None
    return "compiled_code" in getattr(item, "fixturenames", ()) or chosen == "compiled"
