"""Arrays that are filled with two parts beside each other."""

import ast

import pytest

from chainrule.gradcheck.program.filled_by_parts import filled_by_parts

COLUMNS = "np.column_stack([h0, H[:, :-1]])"


def filled(text, changed=3):
    found = filled_by_parts(ast.parse(text).body, {"A": changed})
    return {name: ast.unparse(expression) for name, expression in found.items()}


@pytest.mark.parametrize("first", ["[:, 0]", "[:, [0]]", "[:, :1]", "[:, 0:1]"])
@pytest.mark.parametrize("empty", ["np.zeros((m, T))", "np.empty_like(H)", "np.ones(H.shape)"])
def test_a_column_and_those_after_it_stand_beside_each_other(first, empty):
    assert filled(f"A = {empty}\nA{first} = h0\nA[:, 1:] = H[:, :-1]") == {"A": COLUMNS}


@pytest.mark.parametrize(("first", "others"), [("[0]", "[1:]"), ("[0, :]", "[1:, :]"), ("[:1]", "[1:]")])
def test_rows_stand_below_each_other(first, others):
    text = f"A = np.zeros((T, m))\nA{first} = h0\nA{others} = H[:-1]"
    assert filled(text) == {"A": "np.vstack([h0, H[:-1]])"}


@pytest.mark.parametrize(
    "text",
    [
        "A = np.zeros((m, T))\nA[:, 1:] = H[:, :-1]\nA += 0",
        "A = np.zeros((m, T))\nA[:, 0] = h0\nA[:, 2:] = H[:, :-2]",
        "A = np.zeros((m, T))\nA[0] = h0\nA[:, 1:] = H[:, :-1]",
        "A = B.copy()\nA[:, 0] = h0\nA[:, 1:] = H[:, :-1]",
    ],
)
def test_other_parts_are_none(text):
    assert filled(text) == {}


def test_nor_is_one_that_is_changed_again():
    assert filled("A = np.zeros((m, T))\nA[:, 0] = h0\nA[:, 1:] = H[:, :-1]\nA[2] = 0", changed=4) == {}
