"""What holds for every test."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from chainrule.machine import compiler
from chainrule.machine.threads import ONE_EACH, available_cores
from support import build, prepared
from support.cloning import Clones, subprocess_with

# Compiling takes its time: tests that are about compiled code switch it on.
os.environ["CHAINRULE_COMPILED"] = "off"
# Test processes run side by side; BLAS reads this when NumPy is loaded, which no import above does.
os.environ.update(ONE_EACH)

# A busy machine makes no test fail.
settings.register_profile("chainrule", deadline=None)
settings.load_profile("chainrule")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """``-n auto``: a process for each core that we may run on, also where pytest-xdist would count otherwise."""
    return available_cores()


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """Nothing that is collected is garbage: looking for some took a third of the time."""
    gc.disable()


def pytest_collection_finish() -> None:
    """From now on only what tests make may be garbage; what was collected, hundreds of MB, is not looked at again."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of compiled code come last; it is built meanwhile."""
    if any(map(build.is_needed, items)):
        build.start(config)
        items.sort(key=build.is_needed)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Nothing of the run goes on after it."""
    build.end(config)


@pytest.fixture(scope="session", autouse=True)
def _users_files_run_in_clones() -> Iterator[None]:
    """A check of a user's file costs no start of Python; the tests of the sandbox start the processes that users do."""
    clones = Clones()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chainrule.gradcheck.sandbox.process.subprocess", subprocess_with(clones))
        yield
    clones.close()


@pytest.fixture(scope="session", autouse=True)
def _what_is_wrong_is_said_sooner() -> Iterator[None]:
    """A wrong gradient is held against all other layouts, which is most of what its test takes; a part of them tells
    as much."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{prepared.SEARCH}._MOST_TRIES_BESIDE", prepared.TRIES_BESIDE)
        yield


@pytest.fixture(scope="session")
def compiled_code(request: pytest.FixtureRequest) -> None:
    """Compiled code is there."""
    build.wait(request.config)


@pytest.fixture
def compiling(compiled_code: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nets are trained by compiled code, which is there."""
    monkeypatch.delenv(compiler.SWITCH)
    if not compiler.available():
        pytest.skip("NumPy's OpenBLAS or numba is not here, so nothing is compiled")
