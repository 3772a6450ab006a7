"""Which files are programs, told without running anything."""

from __future__ import annotations

import pytest

from chainrule.gradcheck.folder.programs import is_one_program, programs, python_files
from support.commands import COLUMNS

USUAL = "def cost(W): ...\ndef gradient(W): ...\n"
HELPS = "import numpy as np\n\nSCALE = 1.0\n"


@pytest.fixture
def meant(write):
    """The names of those of some files that are meant."""

    def meant(files: dict[str, str]) -> list[str]:
        names, _ = python_files(write(files), "class")
        return [path.name for path in programs(names)]

    return meant


@pytest.mark.parametrize(
    ("files", "names"),
    [
        ({"a.py": COLUMNS, "b.py": USUAL, "c.py": HELPS}, ["a.py"]),
        ({"a.py": COLUMNS, "b.py": USUAL, "c.py": COLUMNS, "d.py": HELPS}, ["a.py", "b.py", "c.py"]),
        ({"a.py": HELPS, "b.py": USUAL, "c.py": "def cost(W): ..."}, ["b.py"]),
        ({"a.py": HELPS, "b.py": "def cost(W): ..."}, ["b.py"]),
        ({"a.py": "", "b.py": "def f(:"}, ["a.py"]),
    ],
)
def test_those_with_an_adapter_are_meant_else_those_with_the_usual_names(meant, files, names):
    assert meant(files) == names


def test_a_long_text_is_not_looked_at(meant, monkeypatch):
    files = {"a.py": COLUMNS + "#" * 5000, "b.py": USUAL}
    assert meant(files) == ["a.py"]
    monkeypatch.setattr("chainrule.gradcheck.folder.programs._LARGEST_TEXT", 5000)
    assert meant(files) == ["b.py"]


@pytest.mark.parametrize(
    "beside",
    [{}, {"helper.py": HELPS}, {"__init__.py": "", "data.txt": "1", "deep/helper.py": "def scale(): ..."}],
)
def test_a_program_and_what_it_uses_is_one(write, beside):
    assert is_one_program(write({"net.py": COLUMNS, **beside}))


@pytest.mark.parametrize(
    "beside",
    [
        {"bob.py": COLUMNS}, {"bob.py": ""}, {"bob.py": "def f(:"}, {"bob.py": "import numpy\n"},
        {"bob.py": HELPS + "raise ValueError\n"}, {"bob.py": "def cost(W): ..."}, {"bob.ipynb": "{"}, {"bob.zip": ""},
        {"bob/net.py": USUAL},
    ],
)  # fmt: skip
def test_what_may_be_another_s_program_makes_it_none(write, beside):
    assert not is_one_program(write({"net.py": COLUMNS, **beside}))


def test_a_program_that_does_not_lie_at_the_top_of_a_folder_is_that_of_a_folder_in_it(write):
    assert not is_one_program(write({"ann/net.py": COLUMNS}))
