"""What the tests of the sandbox share."""

from pathlib import Path

import pytest

from chainrule.gradcheck.sandbox.confine import refusal
from chainrule.gradcheck.sandbox.remote import probe


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
        pytest.skip(refusal(missing))
