"""Slips of whole statements, undone."""

from __future__ import annotations

import ast

import pytest

from chainrule.gradcheck.program.additions import added
from chainrule.gradcheck.program.applied_edits import applied
from chainrule.gradcheck.program.edits import EditedText
from chainrule.gradcheck.program.patches import changes

SOURCE = """\
def gradient(W1, W2, H, X, y, P, lam, at):
    d = P.copy()
    d[np.arange(len(y)), y] -= 1  # labels
    dW2 = H.T @ d
    dW1 = X.T @ d
    dW2 += lam * W2
    for i in at:
        old = X[i]
        X[i] = old + 1
        dW1[i] = f(X)
    return dW1, dW2
"""


def _moves_a_target(change) -> bool:
    return any(place.field in ("targets", "target") or place.is_statement for place, _ in change.puts)


@pytest.fixture(scope="module")
def made() -> set[str]:
    function = ast.parse(SOURCE).body[0]
    every = [*changes(function, function, lambda _: True), *added(function, lambda _: True)]
    of_statements = (
        change for change in every if change.kind == "missing statement" or _moves_a_target(change)
    )
    texts = (
        applied(SOURCE, EditedText("net.py", SOURCE).edits(change, function)) for change in of_statements
    )
    found = {text for text in texts if text}
    assert ast.unparse(function) == ast.unparse(ast.parse(SOURCE))
    return found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("dW2 = H.T @ d\n    dW1 = X.T @ d", "dW1 = H.T @ d\n    dW2 = X.T @ d"),
        ("dW2 += lam * W2", "dW1 += lam * W1"),
        ("  # labels\n", "  # labels\n    d = d / X.shape[0]\n"),
        ("  # labels\n", "  # labels\n    d = d * H\n"),
        ("d = P.copy()\n", "d = P.copy()\n    d[np.arange(len(y)), y] = 0\n"),
        ("dW1[i] = f(X)\n", "dW1[i] = f(X)\n        X[i] = old\n"),
    ],
)
def test_what_may_have_been_meant(made, old, new):
    assert SOURCE.count(old) == 1
    assert SOURCE.replace(old, new) in made
