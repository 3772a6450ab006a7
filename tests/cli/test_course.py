"""What a course fixes in its ``pyproject.toml``."""

from __future__ import annotations

import pytest

from chainrule.cli.course import course_of
from chainrule.errors import SettingsError


@pytest.fixture
def file(tmp_path):
    (tmp_path / "week" / "1").mkdir(parents=True)
    return tmp_path / "week" / "1" / "net.py"


def test_the_nearest_table_counts(tmp_path, file):
    (tmp_path / "pyproject.toml").write_text("[tool.chainrule]\nhints = 1\n")
    assert course_of(file).hints == 1
    nearer = tmp_path / "week" / "pyproject.toml"
    nearer.write_text("[tool.other]\nx = 1\n")
    assert course_of(file).hints == 1
    nearer.write_text("[tool.chainrule]\nhints = 3\n")
    assert course_of(file) == (3, nearer)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("hints = 4", "tool.chainrule.hints: 4 is no level; give 1, 2 or 3"),
        ("hints = true", "tool.chainrule.hints: True is no level"),
        ("hint = 2", "tool.chainrule.hint: is no known key; did you mean 'hints'?"),
    ],
)
def test_what_a_table_does_not_know_is_refused(tmp_path, file, table, said):
    (tmp_path / "pyproject.toml").write_text(f"[tool.chainrule]\n{table}\n")
    with pytest.raises(SettingsError) as error:
        course_of(file)
    assert said in str(error.value)


def test_no_table_of_ours_is_refused(tmp_path, file):
    (tmp_path / "pyproject.toml").write_text("[tool]\nchainrule = 3\n")
    with pytest.raises(SettingsError, match="is no table"):
        course_of(file)
