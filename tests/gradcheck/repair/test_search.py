"""The search for repairs: only what is verified is shown."""

from __future__ import annotations

import numpy as np

from chainrule.gradcheck.numeric.checked_point import compare_at
from chainrule.gradcheck.repair.search import Verified, Wrong, repaired
from chainrule.gradcheck.result import Cause
from support.points import point_of

rng = np.random.default_rng(0)
X, W = rng.normal(size=(5, 3)), rng.normal(size=(3, 2))
UNKNOWN = Cause("unknown", ("W",), 0.0, "", "")


def cost(W, X):
    return ((X @ W) ** 2).sum()


def halved(W, X):
    return X.T @ (X @ W)


def wrong(*causes):
    given = point_of(cost, halved, W, (X,))
    points = (compare_at(given, rng), compare_at(given.with_data((X[:2],)), rng))
    return Wrong(points, causes)


def as_written(candidate, points):
    return Verified(str(candidate.edits[0].after), candidate.edits, 2, ("N of 2 and 5",))


def test_what_is_verified_is_shown_with_where():
    found = repaired(wrong(UNKNOWN), as_written)
    assert found.repairs[0].patch == "2 * (X.T @ (X @ W)"
    assert (found.repairs[0].points, found.repairs[0].tried) == (2, ("N of 2 and 5",))
    assert not found.unrepaired


def test_what_is_not_verified_is_not_shown():
    found = repaired(wrong(UNKNOWN), lambda candidate, points: None)
    assert found.repairs == ()
    assert "none holds elsewhere" in found.unrepaired
    assert found.causes == (UNKNOWN,)


def test_the_kind_of_edit_names_the_bug_where_nothing_else_did():
    named = Cause("wrong-sign", ("W",), 0.9, "", "")
    assert repaired(wrong(UNKNOWN), as_written).causes[0].name == "wrong-factor"
    assert repaired(wrong(named), as_written).causes == (named,)
