"""Changes of a tree, written in the text that it was read from."""

from __future__ import annotations

import ast

import pytest

from chainrule.gradcheck.program.applied_edits import applied
from chainrule.gradcheck.program.edits import EditedText
from chainrule.gradcheck.program.patches import changes

SOURCE = """\
def gradient(W, X, y, lam):
    # ünchanged
    r = X @ W - y   # residuals
    dW = 2 * X.T.dot(r) / len(y)
    dW = (lam +
          1) * W  # more
    for i in range(3):
        dW[i] += (r - y).sum(axis=0)
    db = np.mean(r)
    if lam:
        db = 0
    return dW, db
"""


def texts(source: str) -> dict[str, str]:
    """Every text that a small change makes of a source, with what is changed; what cannot be written is left out."""
    tree = ast.parse(source)
    function = tree.body[0]
    made = {}
    for change in changes(function, function, lambda _: True, thorough=True):
        edits = EditedText("net.py", source).edits(change, function)
        text = applied(source, edits) if edits else None
        if text is not None:
            undo = change.make()
            wanted = ast.unparse(ast.parse(ast.unparse(ast.fix_missing_locations(tree))))
            undo()
            assert ast.unparse(ast.parse(text)) == wanted or change.kind in (
                "statement",
                "order of statements",
            )
            made[text] = change.kind
    return made


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return texts(SOURCE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("X @ W - y ", "X @ W + y "),
        ("X @ W - y ", "y - X @ W "),
        ("X @ W - y ", "(X @ W - y) / len(y) "),
        ("2 * X.T.dot", "X.T.dot"),
        ("2 * X.T.dot", "2 * X.dot"),
        ("(lam +\n          1) * W", "(lam -\n          1) * W"),
        ("(lam +\n          1) * W", "W"),
        ("dW[i] +=", "dW[i] -="),
        ("sum(axis=0)", "sum(axis=1)"),
        ("sum(axis=0)", "mean(axis=0)"),
        ("db = np.mean(r)", "db = np.sum(r)"),
        ("    db = np.mean(r)\n", ""),
        ("        db = 0\n", "        pass\n"),
        ("return dW, db", "return db, dW"),
        ("dW = 2 *", "dW += 2 *"),
        ("    dW = 2 * X.T.dot(r) / len(y)\n    dW = (", "    dW = ("),
    ],
)
def test_nothing_but_the_change_is_written(made, old, new):
    assert SOURCE.replace(old, new, 1) in made


def test_a_line_moved_into_the_loop_in_front(made):
    lines = SOURCE.splitlines(keepends=True)
    lines[8] = "    " + lines[8]
    assert made["".join(lines)] == "order of statements"


def test_a_line_moved_behind_the_next(made):
    lines = SOURCE.splitlines(keepends=True)
    lines[2], lines[3] = lines[3], lines[2]
    assert made["".join(lines)] == "order of statements"


def test_an_index_that_counts_each_time(made):
    assert SOURCE.replace("dW[i] += (r - y).sum(axis=0)", "np.add.at(dW, i, (r - y).sum(axis=0))") in made
