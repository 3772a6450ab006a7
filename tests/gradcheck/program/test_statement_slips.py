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
    every = [*changes(function, function, lambda _: True), *added(function, function, lambda _: True)]
    of_statements = (
        change for change in every if change.kind == "missing statement" or _moves_a_target(change)
    )
    edited = EditedText("net.py", SOURCE)
    texts = (applied(SOURCE, edited.edits(change, function)) for change in of_statements)
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
        ("d = P.copy()\n", "d = P.copy()\n    d[y, np.arange(len(y))] -= 1\n"),
        ("dW1[i] = f(X)\n", "dW1[i] = f(X)\n        X[i] = old\n"),
    ],
)
def test_what_may_have_been_meant(made, old, new):
    assert SOURCE.count(old) == 1
    assert SOURCE.replace(old, new) in made


STEP = """\
class Dense:
    def backward(self, error, rate):
        {}self.weights -= rate * self.x.T @ error
        return error @ self.weights.T
"""


@pytest.mark.parametrize(
    "first", ["", "self.calls += 1\n        "], ids=["in front of all", "behind another line"]
)
def test_what_is_returned_is_computed_before_the_step(first):
    source = STEP.format(first)
    tree = ast.parse(source)
    method = tree.body[0].body[0]
    texts = [
        applied(source, EditedText("net.py", source).edits(change, method))
        for change in changes(method, tree.body[0], lambda _: True)
        if change.kind == "order of statements"
    ]
    kept = "before = error @ self.weights.T\n        self.weights -= "
    assert (
        source.replace("self.weights -= ", kept).replace("return error @ self.weights.T", "return before")
        in texts
    )


def test_a_slip_is_undone_for_every_layer():
    function = ast.parse(
        "def gradient(d1, d2, m):\n    db1 = np.sum(d1) / m\n    db2 = np.sum(d2) / m\n    return db1, db2\n"
    ).body[0]
    texts = set()
    for change in changes(function, function, lambda _: True):
        undo = change.make()
        texts.add(ast.unparse(ast.fix_missing_locations(function)))
        undo()
    assert ast.unparse(function).replace("(d1)", "(d1, axis=1)").replace("(d2)", "(d2, axis=1)") in texts


HALVES = """\
def gradient(dh, gate, value, u, v):
    dvalue = dh * gate
    dgate = dh * value[-1 - u, v]
    return np.concatenate([dvalue, dgate], axis=-1)
"""


def test_of_a_line_by_itself_two_items_are_exchanged_and_nothing_is_listed_twice():
    function = ast.parse(HALVES).body[0]
    every = changes(function, function, lambda _: True, thorough=True)
    assert len({change.key for change in every}) == len(every)
    texts = {applied(HALVES, EditedText("net.py", HALVES).edits(each, function)) for each in every}
    for old, new in (("[dvalue, dgate]", "[dgate, dvalue]"), ("[-1 - u, v]", "[v, -1 - u]")):
        assert HALVES.replace(old, new) in texts


HINGE = """\
def gradient(X, y, W, margins):
    dW = np.zeros(W.shape)
    active = (margins > 0).astype(float)
    count = active.sum(axis=1)
    for i in range(len(X)):
        for j in range(3):
            dW[:, j] += X[i]
        scores[y[i]] = 0
        dW /= len(X)  # mean
    return dW, active
"""


@pytest.fixture(scope="module")
def made_of_hinge() -> set[str]:
    function = ast.parse(HINGE).body[0]
    every = [*changes(function, function, lambda _: True), *added(function, function, lambda _: True)]
    texts = (applied(HINGE, EditedText("net.py", HINGE).edits(each, function)) for each in every)
    return {text for text in texts if text}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        dW /= len(X)  # mean\n", "    dW /= len(X)  # mean\n"),
        ("X[i]\n", "X[i]\n            dW[:, y[i]] -= X[i]\n"),
        ("axis=1)\n", "axis=1)\n    active[np.arange(len(y)), y] -= count\n"),
        ("axis=1)\n", "axis=1)\n    active *= count\n"),
    ],
    ids=["behind the loop", "its counterpart", "at the labels", "as a factor"],
)
def test_what_a_line_lacks_or_where_it_belongs(made_of_hinge, old, new):
    assert HINGE.count(old) == 1
    assert HINGE.replace(old, new) in made_of_hinge
