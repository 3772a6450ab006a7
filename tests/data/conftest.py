"""What the tests of data share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chainrule.data import cifar10
from support.archives import COUNT, python_files, write_folder


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let batches of a few images pass for whole ones."""
    monkeypatch.setattr(cifar10, "IMAGES_PER_BATCH", COUNT)


@pytest.fixture
def source(tmp_path: Path, small: None) -> Path:
    """A folder that holds a tiny CIFAR-10 in the python layout."""
    write_folder(tmp_path / "source" / "cifar-10-batches-py", python_files())
    return tmp_path / "source"


@pytest.fixture
def real_data() -> Path:
    """The folder CHAINRULE_DATA names."""
    directory = os.environ.get("CHAINRULE_DATA")
    if not directory:
        pytest.skip("CHAINRULE_DATA is not set")
    return Path(directory)
