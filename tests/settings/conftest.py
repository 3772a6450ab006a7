"""Settings are read from files."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.tables import Read, reader


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return reader(tmp_path)
