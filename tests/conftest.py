"""What holds for every test."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from chainrule.machine.threads import ONE_EACH
from support import compiling

# Compiling takes its time: tests that are about compiled code switch it on.
os.environ["CHAINRULE_COMPILED"] = "off"
# Test processes run side by side; BLAS reads this when NumPy is loaded, which no import above does.
os.environ.update(ONE_EACH)

# A busy machine makes no test fail.
settings.register_profile("chainrule", deadline=None)
settings.load_profile("chainrule")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of compiled code come last; it is built meanwhile."""
    if any(map(compiling.is_needed, items)):
        compiling.start(config)
        items.sort(key=compiling.is_needed)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Nothing of the run goes on after it."""
    compiling.end(config)


@pytest.fixture(scope="session")
def compiled_code(request: pytest.FixtureRequest) -> None:
    """Compiled code is there."""
    compiling.wait(request.config)
