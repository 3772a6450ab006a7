"""Formulas with which all is right, and with which that of a single parameter is."""

from __future__ import annotations

import numpy as np

from chainrule.gradcheck.diagnosis.by_value import formulas
from chainrule.gradcheck.diagnosis.mending import is_right_with
from chainrule.gradcheck.numeric.checked_point import compare_at
from chainrule.gradcheck.program.interface import SourceLine
from support.points import point_of

rng = np.random.default_rng(0)
X, T = rng.normal(size=(4, 3)), rng.normal(size=(4, 2))


def cost(p, X, T):
    return ((X @ p["W"] + p["b"] - T) ** 2).mean()


def two(p, X, T):
    d = X @ p["W"] + p["b"] - T
    dW = X.T @ d
    return {"W": dW / len(X), "b": d.sum(axis=0)}


def test_one_of_two_mistakes_is_mended_by_itself():
    point = point_of(cost, two, {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=2)}, (X, T))
    checked = compare_at(point, np.random.default_rng(0))
    number = two.__code__.co_firstlineno + 3
    patches = formulas(checked, SourceLine(__file__, number, ""))
    right = [patch for patch in patches if _is_right(checked, patch)]
    assert {patch.after for patch in right} & {
        "return {'W': dW / len(X), 'b': d.sum(axis=0) / len(X)}",
        "return {'W': dW / len(X), 'b': d.mean(axis=0)}",
    }


def _is_right(checked, patch):
    place = checked.point.names.index("b")
    return np.allclose(checked.point.gradient([patch])[place], checked.numeric[place], atol=1e-6)


def one_behind_the_other(p, X, T):
    d = X @ p["W"] + p["b"] - T
    e = d
    dW = X.T @ (e * e)
    return {"W": dW, "b": e.sum(axis=0)}


def test_with_a_change_held_the_rest_is_found():
    point = point_of(
        cost, one_behind_the_other, {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=2)}, (X, T)
    )
    checked = compare_at(point, np.random.default_rng(0))
    first_line = one_behind_the_other.__code__.co_firstlineno
    at = [SourceLine(__file__, first_line + number, "") for number in (2, 3)]
    first = next(patch for patch in formulas(checked, at[0]) if _is_right(checked, patch))
    second = formulas(checked, at[1], [first])
    assert any(is_right_with(checked, [first, patch]) for patch in second)
    assert not formulas(checked, at[0], [first])
