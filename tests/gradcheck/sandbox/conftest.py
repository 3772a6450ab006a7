"""What the tests of the sandbox share."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chainrule.gradcheck.sandbox.confine import refusal
from chainrule.gradcheck.sandbox.remote import probe

MUST_CONFINE = "CHAINRULE_MUST_CONFINE"
"""Set where the kernel confines: a test that is skipped for it has failed then."""

ALTERED = """
import sys
from chainrule.gradcheck.sandbox import child, confine, own_root

def no(*arguments):
    raise OSError(1, "Operation not permitted")

for name, value in (dict.fromkeys({lacking!r}, no) | {values!r}).items():
    places = [module for module in (confine, own_root) if hasattr(module, name)]
    assert places, name
    for module in places:
        setattr(module, name, value)
sys.platform = {platform!r}
if __name__ == "__main__":
    child.main(int(sys.argv[1]))
"""


@pytest.fixture(autouse=True)
def _processes_are_started_as_users_do(monkeypatch):
    monkeypatch.setattr("chainrule.gradcheck.sandbox.process.subprocess", subprocess)


@pytest.fixture
def write(tmp_path):
    """Write a submission into a folder of its own."""
    folder = tmp_path / "course" / "work"
    folder.mkdir(parents=True)

    def write(text: str, name: str = "net.py") -> Path:
        (folder / name).write_text(text)
        return folder / name

    return write


@pytest.fixture(scope="session")
def whole():
    """Skip where this system cannot confine a process; the reason names what is missing."""
    missing = probe()
    if missing:
        (pytest.fail if os.environ.get(MUST_CONFINE) else pytest.skip)(refusal(missing))


@pytest.fixture
def lacking(monkeypatch, tmp_path):
    """From now on processes run where the system does not give a measure, or another value stands in its module."""

    def without(*functions: str, platform: str = sys.platform, **values: int) -> None:
        script = tmp_path / "altered.py"
        script.write_text(ALTERED.format(lacking=functions, values=values, platform=platform))
        monkeypatch.setattr("chainrule.gradcheck.sandbox.process.CHILD", (str(script),))

    return without
