"""Changes with which a gradient is right where it was compared."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from chainrule.gradcheck.diagnosis.misshapen import misshapen
from chainrule.gradcheck.numeric.checked_point import compare_at
from chainrule.gradcheck.program.interface import SourceLine
from chainrule.gradcheck.repair.candidates import Candidates
from chainrule.gradcheck.repair.lines_around import endings, filling
from chainrule.gradcheck.result import Cause, Line
from support.points import point_of

rng = np.random.default_rng(0)
X, T, W = rng.normal(size=(5, 3)), rng.normal(size=(5, 2)), rng.normal(size=(3, 2))


def outputs(W, X):
    return np.tanh(X @ W)


def cost(W, X, T):
    return ((outputs(W, X) - T) ** 2).sum()


def added(W, X, T):
    y = outputs(W, X)
    return X.T @ (2 * (y + T) * (1 - y**2))


def two(W, X, T):
    y = outputs(W, X)
    d = 2 * (y + T)
    return X.T @ (d * (1 + y**2))


def stages(gradient, *causes, cost=cost, fault="gradient"):
    given = point_of(cost, gradient, W, (X, T))
    points = [compare_at(point, rng) for point in (given, given.with_data((X[:2], T[:2])))]
    candidates = Candidates(points, causes, fault)
    for stage in candidates.stages():
        yield [tuple((edit.before, edit.after) for edit in candidate.edits) for candidate in stage]


def line_of(gradient, text):
    number = Path(__file__).read_text().splitlines().index(text, gradient.__code__.co_firstlineno) + 1
    return Line("test_candidates.py", number, text)


def test_the_nearest_is_the_likeliest_slip_of_the_smallest():
    _, elsewhere = islice(stages(added), 2)
    assert min(elsewhere) == (("+", "-"),)


def test_a_named_line_is_tried_first():
    line = line_of(added, "    return X.T @ (2 * (y + T) * (1 - y**2))")
    named = next(stages(added, Cause("unknown", ("W",), 0.5, "", "", line)))
    assert named[0] == (("+", "-"),)


def test_two_changes_together():
    *single, pair = stages(two)
    assert not any(single)
    assert pair == [(("+", "-"), ("+", "-"))]


def test_what_the_cost_runs_too_is_left_alone():
    def shared(W, X, T):
        return -2 * X.T @ ((outputs(W, X) - T) * (1 - outputs(W, X) ** 2))

    _, elsewhere = islice(stages(shared), 2)
    assert elsewhere
    assert all("tanh" not in before for candidate in elsewhere for before, _ in candidate)


def without_slope(W, X, T):
    y = outputs(W, X)
    return X.T @ (2 * (y - T))


def test_what_is_missing_on_a_named_line():
    line = line_of(without_slope, "    return X.T @ (2 * (y - T))")
    _, _, missing = islice(stages(without_slope, Cause("unknown", ("W",), 0.5, "", "", line)), 3)
    assert any("* (1 - y ** 2)" in after for candidate in missing for _, after in candidate)


def back(d, y):
    return d * (1 - y**2)


def without_a_way(W, X, T):
    y = outputs(W, X)
    twice = y - T
    d = y - T + 0 * twice
    return X.T @ back(d, y)


def test_what_is_missing_in_the_line_of_a_call():
    line = line_of(back, "    return d * (1 - y**2)")
    found = stages(without_a_way, Cause("path-left-out", ("W",), 0.5, "", "", line))
    assert any((("", " + twice"),) in stage for stage in found)


def filled(W, X, T):
    y = outputs(W, X)
    d = np.zeros(y.shape)
    d[:2] += 2 * (y - T)[:2]
    d[2:] += 2 * (y - T)[2:]
    return X.T @ d


def test_what_fills_an_array_that_is_named_is_near_it():
    point = point_of(cost, filled, W, (X, T))
    named = line_of(filled, "    d = np.zeros(y.shape)")
    line = SourceLine(filled.__code__.co_filename, named.number, "")
    found = [line.text.strip() for line in filling(point.program.statements(), [line])]
    assert found == ["d[:2] += 2 * (y - T)[:2]", "d[2:] += 2 * (y - T)[2:]"]


def test_the_last_statement_of_a_function_is_where_a_line_may_be_missing():
    point = point_of(cost, filled, W, (X, T))
    named = line_of(filled, "    d = np.zeros(y.shape)")
    line = SourceLine(filled.__code__.co_filename, named.number, "")
    (end,) = endings(point.program.statements(), [line])
    assert end.text.strip().startswith("return")


def without_derivative(W, X, T):
    y = outputs(W, X)
    d = T + 0 * y
    return d.sum()


def of_derivative(W, X, T):
    y = outputs(W, X)
    return X.T @ (-2 * y * T * (1 - y**2))


def test_what_is_missing_in_front_of_the_line_of_a_wrong_cost():
    cause = Cause("unknown", ("W",), 0.5, "", "", line_of(without_derivative, "    return d.sum()"))
    found = stages(of_derivative, cause, cost=without_derivative, fault="cost")
    assert any("* (1 - y ** 2)" in after for stage in found for candidate in stage for _, after in candidate)


def test_what_the_causes_say_together_comes_first():
    lines = [(line_of(two, "    d = 2 * (y + T)"), "d = 2 * (y - T)"),
             (line_of(two, "    return X.T @ (d * (1 + y**2))"), "return X.T @ (d * (1 - y ** 2))")]  # fmt: skip
    causes = [Cause("unknown", ("W",), 0.0, "", "", line=replace(line, right=right)) for line, right in lines]
    assert next(stages(two, *causes)) == [(("+", "-"), ("+", "-"))]


def test_a_gradient_keeps_the_shape_of_its_parameter():
    def of_columns(b, X):
        return ((X + b) ** 2).sum()

    def wrong(b, X):
        return 2 * np.sum(X + b)

    point = point_of(of_columns, wrong, np.ones((3, 1)), (X.T,))
    checked = misshapen(point, point.returned(), rng).checked_at(point)
    every = [each for stage in islice(Candidates([checked], (), "gradient").stages(), 2) for each in stage]
    assert every
    assert all("keepdims=True" in each.edits[0].after for each in every)


def of_sums(p, X):
    return ((X @ p["W"] + p["b"]) ** 2).sum()


def mending(gradient):
    p = {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=2)}
    point = point_of(of_sums, gradient, p, (X,))
    spoilt = misshapen(point, point.returned(), rng)
    checked = compare_at(point, rng) if spoilt is None else spoilt.checked_at(point)
    return [each for stage in islice(Candidates([checked], (), "gradient").stages(), 2) for each in stage]


def test_shapes_are_those_of_parameters_whatever_the_order_of_what_comes_back():
    def other_order(p, X):
        d = 2 * (X @ p["W"] + p["b"])
        return {"db": d.sum(axis=1), "dW": X.T @ d}

    found = mending(other_order)
    assert any("0" in each.edits[0].after for each in found)
    assert all(each.misshapen == () for each in found)


def test_what_leaves_a_shape_that_is_not_the_parameters_comes_behind_what_gives_it_that():
    def in_a_row(p, X):
        d = 2 * (X @ p["W"] + p["b"])
        flat = d.sum(axis=0)
        row = d.mean(axis=0, keepdims=True)
        return {"dW": X.T @ d, "db": row + 0 * flat[0]}

    nearest, *_, last = sorted(mending(in_a_row), key=lambda each: each.distance)
    assert (nearest.edits[0].before, nearest.misshapen) == ("row", ())
    assert (last.edits[0].before, last.misshapen) == ("mean", ("b",))


def weights_cost(p, X, T):
    return ((np.tanh(X @ p["W"]) @ p["V"] - T) ** 2).mean()


def weights_twice_wrong(p, X, T):
    h = np.tanh(X @ p["W"])
    d = h @ p["V"] - T
    dV = h.T @ d
    e = 2 * d @ p["V"].T / T.size
    return {"W": X.T @ e, "V": dV}


def test_two_formulas_are_found_by_what_they_give():
    weights = {"W": W, "V": rng.normal(size=(2, 2))}
    given = point_of(weights_cost, weights_twice_wrong, weights, (X, T))
    points = [compare_at(point, rng) for point in (given, given.with_data((X[:3], T[:3])))]
    lines = [
        line_of(weights_twice_wrong, f"    {text}")
        for text in ("dV = h.T @ d", 'e = 2 * d @ p["V"].T / T.size')
    ]
    causes = [Cause("unknown", (name,), 0.5, "", "", line) for name, line in zip("VW", lines, strict=True)]
    candidates = Candidates(points, causes, "gradient")
    pair = next(stage for stage in candidates.stages() if stage)[0]
    assert len(pair.patches) == 2
    assert any("1 - h ** 2" in patch.after for patch in pair.patches)


def softmax_cost(p, X, k):
    s = X @ p["W"] + p["b"]
    return np.log(np.exp(s).sum(axis=1)).sum() - s[np.arange(len(k)), k].sum()


def without_labels(p, X, k):
    d = np.exp(X @ p["W"] + p["b"])
    d /= d.sum(axis=1, keepdims=True)
    return {"W": X.T @ d, "b": d.mean(axis=0)}


def test_two_lines_that_are_named_are_searched_together_before_all_others(monkeypatch):
    monkeypatch.setattr(Candidates, "_pairs", lambda *_: iter(()))
    texts = "    d /= d.sum(axis=1, keepdims=True)", '    return {"W": X.T @ d, "b": d.mean(axis=0)}'
    causes = [Cause("unknown", ("W", "b"), 0.5, "", "", line_of(without_labels, text)) for text in texts]
    given = point_of(
        softmax_cost, without_labels, {"W": W, "b": rng.normal(size=2)}, (X, rng.integers(2, size=5))
    )
    candidates = Candidates([compare_at(given, rng)], causes, "gradient")
    first = next(each for stage in candidates.stages() for each in stage)
    assert [edit.after.strip() for edit in first.edits] == ["d[np.arange(len(k)), k] -= 1", "sum"]


def test_two_changes_of_one_line_are_not_written_together():
    one, same, other = (SimpleNamespace(line=SourceLine("net.py", n, "d = 2 * e")) for n in (7, 7, 9))
    writing = SimpleNamespace(_shared=set(), _written=list)
    assert Candidates._both(writing, [one, same]) == []
    assert Candidates._both(writing, [one, other]) == [one, other]
