"""A class that hands in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chainrule.gradcheck.folder.entries import Submission, submissions


@pytest.fixture
def write(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Write files into a folder ``class``."""

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / "class" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path / "class"

    return write


@pytest.fixture
def only() -> Callable[[Path], Submission]:
    """The one submission of a folder, which gets a file beside it that is none."""

    def only(folder: Path) -> Submission:
        (folder / "readme.md").touch()
        return next(s for s in submissions(folder) if s.kind != "other")

    return only
