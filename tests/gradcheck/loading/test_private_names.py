"""Names that each cell has for itself."""

import ast

import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.loading.private_names import with_private_names


def of(*cells: str) -> str:
    text = "".join(f"def _():\n    {cell}\n" for cell in cells)
    changed = with_private_names(text, ast.parse(text).body)
    return changed.replace("def _():\n    ", "").replace("\n", "; ")


def test_what_several_have_is_another_in_each_also_in_its_functions():
    assert of("_k = 1; f = lambda x: x._k * _k", "_k = 2; g = lambda _k: _k") == (
        "_cell_1_k = 1; f = lambda x: x._k * _cell_1_k; _cell_2_k = 2; g = lambda _cell_2_k: _cell_2_k; "
    )


@pytest.mark.parametrize(
    "cells", [["_k = 1", "_j = 2"], ["k = 1", "k = 2"], ["__k = 1", "__k = 2"], ["f = lambda _k: _k"] * 2]
)
def test_others_are_as_they_were(cells):
    assert of(*cells) == "".join(f"{cell}; " for cell in cells)


@pytest.mark.parametrize("cell", ["f(_k=1)", "from a import _k", "import _k", "from _k import a"])
def test_what_cannot_be_changed_alone_is_told(cell):
    with pytest.raises(CheckError, match="several cells have _k each for itself"):
        of("_k = 1", f"_k = 2; {cell}")


def test_nor_a_part_of_a_class():
    text = "def a():\n    _k = 1\ndef b():\n    class A:\n        _k = 2\n"
    with pytest.raises(CheckError):
        with_private_names(text, ast.parse(text).body)
