"""What may be meant in a statement, by what it gives where the program runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis.by_value import formulas
from chainrule.gradcheck.numeric.checked_point import compare_at
from chainrule.gradcheck.program.interface import SourceLine
from support.points import point_of

rng = np.random.default_rng(0)
X, T = rng.normal(size=(4, 3)), rng.normal(size=(4, 2))
GIVEN = {"W": rng.normal(size=(3, 2)), "V": rng.normal(size=(2, 2))}


def cost(p, X, T):
    return ((np.tanh(X @ p["W"]) @ p["V"] - T) ** 2).sum()


def without_slope(p, X, T):
    h = np.tanh(X @ p["W"])
    d = 2 * (h @ p["V"] - T)
    e = d @ p["V"].T
    return {"W": X.T @ e, "V": h.T @ d}


def in_a_loop(p, X, T):
    h = np.tanh(X @ p["W"])
    d = 2 * (h @ p["V"] - T)
    dW = np.zeros((3, 2))
    for x, row, e in zip(X, h, d, strict=True):  # noqa: B007
        dW += np.outer(x, p["V"] @ e)
    return {"W": dW, "V": h.T @ d}


def carried(p, X, T):
    h = np.tanh(X @ p["W"])
    d = 2 * (h @ p["V"] - T)
    e = d @ p["V"].T
    for _ in range(2):
        e = e * 0.5
    return {"W": X.T @ (e * (1 - h**2)), "V": h.T @ d}


def penalised(p, X, T):
    return cost(p, X, T) + 0.7 * (p["W"] ** 2).sum()


def affine_backward(d, x):
    return x.T @ d, d.sum(axis=0)


def without_penalty(p, X, T):
    h = np.tanh(X @ p["W"])
    d, grads, l2 = 2 * (h @ p["V"] - T), {}, 1.4
    grads["V"] = h.T @ d
    for name in "W":
        grads[name], _ = affine_backward(d @ p["V"].T * (1 - h**2), X)
    assert l2
    return grads


def of_rows(p, X, T):
    return sum(((np.tanh(x @ p["W"]) @ p["V"] - t) ** 2).sum() for x, t in zip(X, T, strict=True))


def without_a_line(p, X, T):
    dW, dV = np.zeros((3, 2)), np.zeros((2, 2))
    for x, t in zip(X, T, strict=True):
        h = np.tanh(x @ p["W"])
        d = 2 * (h @ p["V"] - t)
        e = p["V"] @ d * (1 - h**2)
        dV += np.outer(h, d)
    assert e.shape
    return {"W": dW, "V": dV}


def found(gradient, text, cost=cost):
    checked = compare_at(point_of(cost, gradient, GIVEN, (X, T)), np.random.default_rng(0))
    first = gradient.__code__.co_firstlineno
    lines = Path(__file__).read_text().splitlines()
    number = lines.index(f"    {text}", first) + 1
    return checked, formulas(checked, SourceLine(__file__, number, lines[number - 1]))


def test_what_several_values_lack_is_added_to_them_behind_their_line():
    text = '    grads[name], _ = affine_backward(d @ p["V"].T * (1 - h**2), X)'
    checked, patches = found(without_penalty, text, penalised)
    assert "grads[name] += p[name] * l2" in {patch.after for patch in patches}
    for patch in patches:
        assert patch.kind == "missing statement"
        for own, numeric in zip(checked.point.gradient([patch]), checked.numeric, strict=True):
            np.testing.assert_allclose(own, numeric, atol=1e-6)


@pytest.mark.parametrize(
    ("gradient", "text", "meant"),
    [
        (without_slope, 'e = d @ p["V"].T', "e = d @ p['V'].T * (1 - h ** 2)"),
        (in_a_loop, '    dW += np.outer(x, p["V"] @ e)', "dW += np.outer(x, p['V'] @ e * (1 - row ** 2))"),
    ],
)
def test_what_is_meant_is_found_and_runs(gradient, text, meant):
    checked, patches = found(gradient, text)
    assert meant in {patch.after for patch in patches}
    for patch in patches[:3]:
        for own, numeric in zip(checked.point.gradient([patch]), checked.numeric, strict=True):
            np.testing.assert_allclose(own, numeric, atol=1e-6)


def test_a_line_that_is_missing_in_a_loop_is_found_at_the_end_of_the_function():
    checked, patches = found(without_a_line, 'return {"W": dW, "V": dV}', of_rows)
    assert "dW += np.outer(x, e)" in {patch.after for patch in patches}
    for patch in patches[:3]:
        for own, numeric in zip(checked.point.gradient([patch]), checked.numeric, strict=True):
            np.testing.assert_allclose(own, numeric, atol=1e-6)


def test_what_a_turn_hands_on_to_the_next_is_no_part_of_a_formula():
    checked, patches = found(carried, "    e = e * 0.5")
    assert patches
    assert not any("e *" in patch.after.partition("=")[2] and "0.5" not in patch.after for patch in patches)
    assert checked.verdict == "wrong"


def test_a_line_that_forms_nothing_has_none():
    assert not found(in_a_loop, "for x, row, e in zip(X, h, d, strict=True):  # noqa: B007")[1]
