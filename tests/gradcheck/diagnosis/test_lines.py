"""Where the line of each kind of fault is found."""

import itertools

import numpy as np
import pytest

from chainrule.gradcheck.catalogue.penalty import REGULARISER_MISSING, REGULARISER_SCALED
from chainrule.gradcheck.diagnosis import lines
from chainrule.gradcheck.diagnosis.diagnose import Diagnosis, case_of, diagnose
from chainrule.gradcheck.diagnosis.mending import Expected, RightValue, in_the_gradient
from chainrule.gradcheck.program.interface import Patch, SourceLine
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.point import Point
from support.diagnosed import DATA, FEWER_SAMPLES, checked_at
from support.plain_nets import SMALL, cost, forward, gradient, halved, squares, twice

COUNT = itertools.count()


def text_of(line):
    return None if line is None else line.text.strip()


def small(gradient=twice, cost=squares, **others):
    program = LocalProgram(cost, gradient, SMALL, (), **others)
    return Point.of_program(program, program.describe())


def halves_v(p):
    g = {name: 2 * a for name, a in p.items()}
    g["v"] = g["v"] / 2
    return g


def changes_w(p):
    g = twice(p)
    p["w"] -= 0.1 * g["w"]
    return g


def test_the_line_of_a_mistake_of_the_gradient_is_found():
    points = [checked_at(halved, data) for data in (DATA, FEWER_SAMPLES)]
    diagnosis = diagnose(case_of(points, np.random.default_rng(0)))
    line = lines.of_diagnosis(diagnosis, points)
    assert (line.file, text_of(line)) == ("plain_nets.py", 'g["W1"] = g["W1"] - lam * p["W1"]')


def affine_back(d, W, h):
    dW = d @ h.T
    dh = W.T @ d / h.shape[1]
    return dW, d.sum(axis=1, keepdims=True) / h.shape[1], dh


def divided_elsewhere(p, X, Y, lam):
    h, P = forward(p, X)
    W2, b2, d = affine_back(P - Y, p["W2"], h)
    W1, b1, _ = affine_back(d * (h > 0), p["W1"], X)
    return {"W1": W1 + 2 * lam * p["W1"], "b1": b1, "W2": W2 + 2 * lam * p["W2"], "b2": b2}


def test_each_of_two_mistakes_that_hide_each_other_is_found_with_the_other_made():
    points = [checked_at(divided_elsewhere, data) for data in (DATA, FEWER_SAMPLES)]
    diagnosis = diagnose(case_of(points, np.random.default_rng(0)))
    every = lines.LinesOfCauses(diagnosis, points)
    found = {cause.name: text_of(every.of(cause.name)) for cause in diagnosis.causes}
    assert found == {
        "missing-batch-mean": "dW = d @ h.T",
        "bias-mean-not-sum": "return dW, d.sum(axis=1, keepdims=True) / h.shape[1], dh",
    }


def summed(p, X, Y, lam):
    _, P = forward(p, X)
    loss = -np.log((Y * P).sum(axis=0)).sum()
    return loss + cost(p, X, Y, lam) - cost(p, X, Y, 0.0)


def test_the_line_of_a_fault_of_the_cost_is_found():
    points = [checked_at(gradient, data, cost=summed) for data in (DATA, FEWER_SAMPLES)]
    diagnosis = diagnose(case_of(points, np.random.default_rng(0)))
    assert diagnosis.fault == "cost"
    assert text_of(lines.of_diagnosis(diagnosis, points)) == "loss = -np.log((Y * P).sum(axis=0)).sum()"


def test_without_a_reading_the_line_is_found_by_the_numeric_gradient():
    point = checked_at(halves_v, (), cost=squares, parameters=SMALL)
    assert text_of(lines.of_diagnosis(Diagnosis("gradient", []), [point])) == 'g["v"] = g["v"] / 2'


def turned_before_it_is_halved(p):
    off = 0 - p["v"]
    return {"w": 2 * p["w"], "v": np.add(off, off)}


def test_a_small_change_of_an_earlier_line_comes_before_the_last_one_that_gives_the_value(monkeypatch):
    monkeypatch.setattr(lines, "astray", lambda *_: [])
    point = checked_at(turned_before_it_is_halved, (), cost=squares, parameters=SMALL)
    line = lines.of_diagnosis(Diagnosis("gradient", []), [point])
    assert (text_of(line), line.right) == ('off = 0 - p["v"]', "off = p['v'] - 0")


@pytest.mark.parametrize(("bug", "right"), [(REGULARISER_MISSING, "mended"), (REGULARISER_SCALED, "")])
def test_a_line_that_only_follows_the_costs_factor_is_not_offered_as_the_right_one(monkeypatch, bug, right):
    patch = Patch(0, "number", SourceLine("net.py", 3, "wrong"), "mended")
    point = checked_at(halves_v, (), cost=squares, parameters=SMALL)
    monkeypatch.setattr(lines, "in_the_gradient", lambda *_: None)
    monkeypatch.setattr(lines, "astray", lambda *_: [])
    monkeypatch.setattr(lines.patched, "mending", lambda _: patch)
    line = lines.of_diagnosis(Diagnosis("gradient", [bug.cause(["v"], 0.9, "")]), [point])
    assert (line.number, line.right) == (3, right)


def test_where_nothing_is_wrong_there_is_no_line():
    assert lines.of_diagnosis(Diagnosis(None, []), [checked_at(gradient)]) is None
    assert lines.of_diagnosis(Diagnosis("cost", []), [checked_at(gradient)]) is None


def by_right_values(checked, values):
    return in_the_gradient(checked, Expected(values, values))


def test_a_line_is_found_by_right_values_on_the_way():
    def with_step(p):
        doubled = {name: 3 * a for name, a in p.items()}
        w = doubled["w"]
        return doubled | {"w": w * 1.0}

    point = checked_at(with_step, (), cost=squares, parameters=SMALL)
    shared = by_right_values(point, [RightValue("w", 1, 2 * SMALL["w"])])
    assert text_of(shared) == "doubled = {name: 3 * a for name, a in p.items()}"
    point = checked_at(halves_v, (), cost=squares, parameters=SMALL)
    assert text_of(by_right_values(point, [RightValue("v", 1, 2 * SMALL["v"])])) == 'g["v"] = g["v"] / 2'


def test_the_last_line_that_gives_a_value_is_found():
    assert text_of(lines.of_value(small(halves_v), SMALL["v"])) == 'g["v"] = g["v"] / 2'
    assert lines.of_value(small(halves_v), np.array([[77.0]])) is None


def test_the_line_of_an_update_is_found():
    def update(p, g, rate):
        for name in p:
            p[name] = p[name] + rate * g[name]

    point = small(update=update)
    step = [np.ones(2), np.ones((1, 1))]
    line = lines.of_update(point, step, 0.5, SMALL["w"] + 0.5)
    assert text_of(line) == "p[name] = p[name] + rate * g[name]"
    assert lines.of_update(point, step, 0.5, SMALL["w"] + 7) is None


def numeric(p, h=1e-4):
    g = {name: np.zeros_like(a) for name, a in p.items()}
    g["v"][0, 0] = (squares(p | {"v": p["v"] + h}) - squares(p)) / h
    return g


def test_the_lines_of_a_numeric_gradient_are_found():
    point = small(numeric=numeric)
    entry = numeric(SMALL)["v"][0, 0]
    assert text_of(lines.of_quotient(point, entry)) == (
        'g["v"][0, 0] = (squares(p | {"v": p["v"] + h}) - squares(p)) / h'
    )
    assert text_of(lines.of_step(point)) == "def numeric(p, h=1e-4):"


def compare(a, b, eps=0.001):
    return abs(a - b) < eps


def test_the_step_is_told_by_its_name_before_other_small_numbers():
    def numeric(p, tolerance=0.01):
        h = 1**-6
        return {name: a + h + tolerance for name, a in p.items()}

    assert text_of(lines.of_step(small(numeric=numeric))) == "h = 1**-6"


@pytest.mark.parametrize("look", [lines.of_step, lambda point: lines.of_quotient(point, 1.0)])
def test_without_a_numeric_gradient_it_has_no_lines(look):
    assert look(small()) is None


def unsteady(p):
    total = squares(p)
    noise = next(COUNT) * 1e-3
    return total + noise


def test_the_first_line_of_an_unsteady_cost_is_found():
    assert text_of(lines.of_unsteady_cost(small(cost=unsteady))) == "noise = next(COUNT) * 1e-3"
    assert lines.of_unsteady_cost(small()) is None


def test_the_line_that_changes_a_parameter_is_found():
    assert text_of(lines.of_mutation(small(changes_w))) == 'p["w"] -= 0.1 * g["w"]'
    assert lines.of_mutation(small()) is None


def fails(p):
    raise ValueError("no")


@pytest.mark.parametrize("look", [lines.of_mutation, lambda point: lines.of_value(point, SMALL["w"])])
def test_a_program_that_does_not_bear_watching_has_no_lines(look):
    assert look(small(fails)) is None
