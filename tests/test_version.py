"""One place says which chainrule this is."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from chainrule.version import installed_version, is_newer

ROOT = Path(__file__).parents[1]


def test_the_version_is_the_project_s():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert installed_version() == project["version"], "install again: pip install -e ."


@pytest.mark.parametrize(
    ("other", "newer"),
    [("0.0.9", False), ("0.1.0", False), ("0.2.0", False), ("0.10.0", True), ("99.0", True), ("", False)],
)
def test_versions_are_numbers(monkeypatch, other, newer):
    monkeypatch.setattr("chainrule.version.installed_version", lambda: "0.2.0")
    assert is_newer(other) is newer
