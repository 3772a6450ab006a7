"""A small change of the source that makes a gradient right."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis import patched
from chainrule.gradcheck.numeric.checked_point import compare_at
from chainrule.gradcheck.program.interface import Patch, SourceLine
from chainrule.gradcheck.program.limited import OutOfTimeError
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.patching import Patches
from chainrule.gradcheck.program.point import Point
from support.points import point_of

rng = np.random.default_rng(3)
X = rng.normal(size=(5, 3))
T = rng.normal(size=(5, 3))
FEWER = (X[:2], T[:2])
SQUARE = {"U": rng.normal(size=(3, 3)), "V": rng.normal(size=(3, 3))}


def outputs(p, x):
    return np.tanh(x @ p["U"]) @ p["V"]


def cost(p, x, t):
    return ((outputs(p, x) - t) ** 4).sum() / len(x)


def error(p, x, t):
    return 4 * (outputs(p, x) - t) ** 3 / len(x)


def turned(p, x, t):
    G = 4 * (t - outputs(p, x)) ** 3 / len(x)
    h = np.tanh(x @ p["U"])
    D = (G @ p["V"].T) * (1 - h**2)
    return {"U": x.T @ D, "V": h.T @ G}


def not_transposed(p, x, t):
    G = error(p, x, t)
    h = np.tanh(x @ p["U"])
    D = (G @ p["V"]) * (1 - h**2)
    return {"U": x.T @ D, "V": h.T @ G}


def never_ends(p, x, t):
    G = error(p, x, t)
    rows = [0.0]
    for row in rows:
        if len(rows) < 2:
            rows.append(row + 1)
    h = np.tanh(x @ p["U"])
    D = (G @ p["V"].T) * (1 + h**2)
    return {"U": x.T @ D, "V": h.T @ G}


HALF = 0.5


def half_of_the_first(p, x, t):
    half = np.multiply(HALF, error(p, x, t))
    D = (half @ p["V"].T) * (1 - np.tanh(x @ p["U"]) ** 2)
    return x.T @ D


def two_lines_would_do(p, x, t):
    return {"U": half_of_the_first(p, x, t), "V": np.tanh(x @ p["U"]).T @ error(p, x, t)}


def nothing_small(p, x, t):
    G = error(p, x, t)
    h = np.tanh(x @ p["U"])
    D = np.sin(G @ p["V"].T) * np.exp(h)
    return {"U": x.T @ D, "V": h.T @ G}


def points_of(gradient, cost=cost, parameters=SQUARE):
    """Of one program, with two sets of data."""
    given = point_of(cost, gradient, parameters, (X, T))
    return [compare_at(given.with_data(data), np.random.default_rng(0)) for data in ((X, T), FEWER)]


@pytest.mark.parametrize(
    ("gradient", "right"),
    [
        (turned, "G = 4 * (outputs(p, x) - t) ** 3 / len(x)"),
        (not_transposed, "D = G @ p['V'].T * (1 - h ** 2)"),
        (never_ends, "D = G @ p['V'].T * (1 - h ** 2)"),
    ],
)
def test_the_line_is_the_one_whose_change_makes_the_gradient_right(gradient, right):
    line = patched.line_of(patched.mending(points_of(gradient)))
    assert line.right == right
    assert line.text.strip()[:4] == right[:4]


def test_weights_that_are_not_transposed_are_told_by_symmetric_ones():
    points = points_of(not_transposed)
    assert patched.bug_of(patched.mending(points), points).name == "weights-not-transposed"
    turned_points = points_of(turned)
    assert patched.bug_of(patched.mending(turned_points), turned_points).name == "wrong-sign"


@pytest.mark.parametrize("gradient", [two_lines_would_do, nothing_small])
def test_where_no_change_or_several_lines_would_do_none_is_named(gradient):
    assert patched.mending(points_of(gradient)) is None


def both(p, x, scale):
    error = x @ p["w"] * scale
    return (error**2).sum(), {"w": 3 * x.T @ error * scale}


def test_a_change_that_changes_the_cost_mends_nothing():
    points = points_of(
        lambda p, x, t: both(p, x, 2)[1],
        cost=lambda p, x, t: both(p, x, 2)[0],
        parameters={"w": np.array([1.0, 2.0, 3.0])},
    )
    line = patched.line_of(patched.mending(points))
    assert line.text.strip().startswith("return")


def penalised(theta, x, t):
    return ((x @ theta[2:].reshape(3, 2) + theta[:2] - t[:, :2]) ** 4).sum() + 5 * (theta[2:] ** 2).sum()


def penalises_all(theta, x, t):
    G = 4 * (x @ theta[2:].reshape(3, 2) + theta[:2] - t[:, :2]) ** 3
    grad = np.concatenate([G.sum(axis=0).reshape(1, 2), x.T @ G])
    T = theta.reshape(4, 2)
    grad += 10 * T
    return grad.reshape(-1)


def test_a_bias_that_is_penalised_in_a_vector_of_all_is_named():
    points = points_of(penalises_all, cost=penalised, parameters=rng.normal(size=8))
    patch = patched.mending(points)
    assert patch.after == "grad[1:] += 10 * T[1:]"
    assert patched.bug_of(patch, points).name == "bias-regularised"


def stale(p, x, t):
    h = np.tanh(x @ p["U"])
    G = error(p, x, t)
    p["V"] -= h.T @ G
    D = (G @ p["V"].T) * (1 - h**2)
    p["U"] -= x.T @ D


def test_weights_that_are_changed_before_they_are_used_are_stale():
    program = LocalProgram(cost, stale, SQUARE, (X, T), by_update=True)
    given = Point.of_program(program, program.describe())
    points = [compare_at(given, np.random.default_rng(0))]
    patch = patched.mending(points)
    assert patch.line.text.strip() == 'p["V"] -= h.T @ G'
    assert patched.bug_of(patch, points).name == "stale-weights"


def told(text, after):
    return Patch(0, "transpose", SourceLine("net.py", len(text), text), after)


FORMED = told("    dW = d @ x", "dW = (d @ x).T")


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (told("    return dx, dW, db", "return (dx, dW.T, db)"), True),
        (told("    return dx, db, dw", "return (dx, db, dw.T)"), False),
        (told("    return [dW,", "return [dW.T]"), False),
        (told("    dx = d @ W", "dx = d.T @ W"), False),
        (told("    dx = x @ d", "dx = (x @ d).T"), False),
    ],
)
def test_of_changes_of_one_value_that_of_the_line_which_forms_it_counts(other, named):
    for patches in ([FORMED, other], [other, FORMED]):
        assert patched.where_formed(patches) == (FORMED if named else None)


class OutOfTimeOnce(dict):
    """Time is up while it is put back, once it is empty."""

    left = 1

    def update(self, *args):
        if self.left:
            self.left -= 1
            raise OutOfTimeError("it takes more than 2 s")
        super().update(*args)


def test_what_is_not_put_back_as_time_is_up_is_put_back_later():
    kept = OutOfTimeOnce(U=1)

    def doubled(x):
        kept["U"] = 2 * x
        return kept["U"] + 1.0

    line = doubled.__code__.co_firstlineno + 1
    patches = Patches(kept)
    patches.fitting(
        doubled,
        lambda: doubled(1.0),
        SourceLine(__file__, line, ""),
        lambda: np.array([doubled(1.0)]),
        [np.array([5.0])],
    )
    assert not kept.left
    assert kept == {"U": 2.0}


def gated(p, x, gate):
    return (((x * gate) @ p["U"]) ** 2).sum()


def without_the_gate(p, x, gate):
    D = 2 * ((x * gate) @ p["U"])
    dU = x.T @ D
    return {"U": dU}


def test_a_factor_may_be_missing_from_what_is_transposed():
    point = point_of(gated, without_the_gate, {"U": SQUARE["U"]}, (X, T))
    (line,) = {v.line for v in point.program.trace(point.arrays, (X, T)) if v.text == "x.T @ D"}
    patch = patched.mending([compare_at(point, np.random.default_rng(0))], line)
    assert (patch.kind, patch.after) == ("scale", "dU = (x * gate).T @ D")


def without_mask(p, x, t):
    s = x @ p["U"]
    kept = s > 0
    D = 4 * (s * kept - t) ** 3
    return {"U": x.T @ D}


def test_a_factor_that_lets_some_entries_through_is_a_mask():
    points = points_of(
        without_mask,
        cost=lambda p, x, t: ((np.maximum(x @ p["U"], 0) - t) ** 4).sum(),
        parameters={"U": SQUARE["U"]},
    )
    patch = patched.mending(points)
    assert patch.after == "D = 4 * (s * kept - t) ** 3 * kept"
    assert patched.bug_of(patch, points).name == "mask-missing"
