"""What import statements say."""

import ast

import pytest

from chainrule.gradcheck.loading.import_statements import imported_from, names_bound, one_by_one


def statement(text):
    return ast.parse(text).body[0]


def test_each_import_stands_on_its_own_at_its_place():
    several = list(one_by_one(statement("\nimport numpy as np, os.path")))
    assert [ast.unparse(each) for each in several] == ["import numpy as np", "import os.path"]
    assert {each.lineno for each in several} == {2}


@pytest.mark.parametrize(
    ("text", "names", "module"),
    [
        ("import os.path, numpy as np", ["os", "np"], ""),
        ("from scipy.io import loadmat as load, savemat", ["load", "savemat"], "scipy"),
        ("from .layers import Dense", ["Dense"], ""),
    ],
)
def test_names_and_where_they_come_from(text, names, module):
    assert names_bound(statement(text)) == names
    assert imported_from(statement(text)) == module
