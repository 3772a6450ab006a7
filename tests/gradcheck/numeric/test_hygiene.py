"""What must hold before a difference can be trusted: a gradient that is one, a steady cost, nothing changed."""

import copy
import sys

import numpy as np

from chainrule.gradcheck import check_gradient
from support.plain_nets import (
    ONE,
    SMALL,
    X,
    Y,
    cost,
    drawn,
    gradient,
    named,
    one_layer_cost,
    squares,
    twice,
)


def test_a_gradient_that_takes_the_cost_once_is_a_gradient():
    def with_cost(p, X, Y, lam):
        return cost(p, X, Y, lam), gradient(p, X, Y, lam)

    outcome = check_gradient(cost, with_cost, drawn(), X, Y, 0.1)
    assert outcome.right
    assert outcome.analytic


def test_a_gradient_of_few_parameters_that_runs_the_forward_pass_again_is_a_gradient():
    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    def again(w):
        before, after = sigmoid(w), sigmoid(w)
        return before * (1 - after)

    outcome = check_gradient(lambda w: sigmoid(w).sum(), again, np.array([0.3, -0.2, 0.5]))
    assert outcome.right
    assert outcome.analytic


def test_parameters_that_the_gradient_changes_are_reported_with_the_line():
    def stepping(p, X, Y, lam):
        g = gradient(p, X, Y, lam)
        p["W2"] -= 0.1 * g["W2"]
        return g

    p = drawn()
    outcome = check_gradient(cost, stepping, p, X, Y, 0.1)
    assert (outcome.verdict, named(outcome)) == ("wrong", ["parameters-mutated"])
    assert outcome.causes[0].tensors == ("W2",)
    assert outcome.causes[0].line.text.strip() == 'p["W2"] -= 0.1 * g["W2"]'
    assert all(np.array_equal(p[name], drawn()[name]) for name in p)


def test_a_cost_that_does_not_repeat_is_reported_with_the_line():
    noise = np.random.default_rng(0)

    def dropping(p, X, Y, lam):
        kept = noise.random(X.shape) > 0.5
        return cost(p, X * kept, Y, lam)

    outcome = check_gradient(dropping, gradient, drawn(), X, Y, 0.1)
    assert (outcome.verdict, outcome.fault, named(outcome)) == ("wrong", "cost", ["cost-not-deterministic"])
    assert "noise.random" in outcome.causes[0].line.text


def test_a_cost_that_does_not_depend_on_its_parameters_is_reported():
    def right(p, X, Y):
        e = np.exp(p["W"] @ X + p["b"])
        G = (e / e.sum(axis=0) - Y) / X.shape[1]
        return {"W": G @ X.T, "b": G.sum(axis=1, keepdims=True)}

    assert check_gradient(one_layer_cost, right, ONE, X, Y).right
    outcome = check_gradient(lambda p, X, Y: one_layer_cost(ONE, X, Y), right, ONE, X, Y)
    assert (outcome.verdict, outcome.fault, named(outcome)) == ("wrong", "cost", ["cost-constant"])


def test_the_given_parameters_and_data_are_never_changed():
    def careless(p, X, Y, lam):
        g = gradient(p, X, Y, lam)
        X *= 0
        Y += 1
        for array in p.values():
            np.add(array, 1, out=array)
        return g

    p, x, y = drawn(), X.copy(), Y.copy()
    before = copy.deepcopy((p, x, y))
    check_gradient(cost, careless, p, x, y, 0.1, update=lambda p, g, rate: p)
    for name, array in p.items():
        np.testing.assert_array_equal(array, before[0][name])
    np.testing.assert_array_equal(x, before[1])
    np.testing.assert_array_equal(y, before[2])


def test_arrays_of_a_list_stay_the_same_objects():
    p = list(drawn().values())
    kept = list(p)

    def listed(f):
        return lambda q, *data: f(dict(zip(drawn(), q, strict=True)), *data)

    assert check_gradient(
        listed(cost), lambda *a: [listed(gradient)(*a)[k] for k in drawn()], p, X, Y, 0.1
    ).right
    assert all(a is b for a, b in zip(p, kept, strict=True))


def test_the_profiler_in_use_is_left_in_use():
    seen = []
    before = sys.getprofile()
    sys.setprofile(lambda *event: seen.append(event[1]))
    try:
        check_gradient(squares, twice, SMALL)
        after = sys.getprofile()
    finally:
        sys.setprofile(before)
    assert after is not None
    assert seen
