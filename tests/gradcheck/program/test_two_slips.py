"""Two slips of one formula, undone together."""

from __future__ import annotations

import ast

import pytest

from chainrule.gradcheck.program.patches import changes
from chainrule.gradcheck.program.two_slips import both_undone, exchanged_operands


def texts(text, made):
    """What a statement is with each of some changes of it."""
    function = ast.parse(f"def f(a, b, W, V, p, self):\n    {text}").body[0]
    statement = function.body[0]
    found = []
    for change in made(function, statement):
        undo = change.make()
        found.append(ast.unparse(ast.fix_missing_locations(statement)))
        undo()
    assert ast.unparse(statement) == ast.unparse(ast.parse(text))
    return found


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("d = a @ V.T + b @ W.T", "d = a @ W.T + b @ V.T"),
        ("d = a @ self.V + b @ self.W", "d = a @ self.W + b @ self.V"),
        ("d = a @ p['v'] + b @ p['w']", "d = a @ p['w'] + b @ p['v']"),
        ("d += a * (b - a)", "d += b * (a - b)"),
        ("return a / b", "return b / a"),
    ],
)
def test_variables_that_have_changed_places(text, meant):
    assert meant in texts(text, lambda _, statement: exchanged_operands(statement))


@pytest.mark.parametrize("text", ["d = np.exp(a)", "d = a.sum()", "d = x[a, b]"])
def test_neither_libraries_nor_indices_nor_what_is_called_changes_places(text):
    assert not texts(text, lambda _, statement: exchanged_operands(statement))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("d = np.where(a > 0, b - 1, b) / 2", "d = -np.where(a < 0, b - 1, b) / 2"),
        ("d = a @ W - b @ V.T", "d = a @ W.T + b @ V.T"),
        ("d = a @ W.T @ V", "d = a @ W @ V.T"),
    ],
)
def test_two_that_are_the_other_way_round(text, meant):
    def made(function, statement):
        return both_undone(statement, changes(function, function, lambda _: True, thorough=True))

    assert meant in texts(text, made)
