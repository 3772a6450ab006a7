"""Gradients that were not derived are named, however they are made; derivations are not."""

from functools import partial

import numpy as np
import pytest

from chainrule.gradcheck import check_gradient
from chainrule.gradcheck.catalogue.numeric_check import NUMERIC_DIFFERENCE
from chainrule.gradcheck.numeric import hygiene
from support.plain_nets import X, Y, cost, drawn, forward, gradient, halved, named, numeric_gradient
from support.points import point_of

NAME = NUMERIC_DIFFERENCE.name


def copied_cost(p, X, Y, lam):
    """The cost again, under another name and written another way."""
    _, P = forward(p, X)
    return -np.log((Y * P).sum(axis=0)).mean() + lam * ((p["W1"] ** 2).sum() + (p["W2"] ** 2).sum())


def unread(gradient):
    """A gradient whose source cannot be read."""
    namespace = {"inner": gradient}
    exec("def gradient(*given): return inner(*given)", namespace)
    return namespace["gradient"]


def outcome(gradient):
    return check_gradient(cost, gradient, drawn(), X, Y, 0.1)


def test_one_that_calls_the_cost_is_named_with_its_line_and_its_calls():
    check = outcome(numeric_gradient)
    assert (check.verdict, check.analytic, named(check)) == ("wrong", False, [NAME])
    entries = sum(a.size for a in drawn().values())
    assert f"calls the cost {2 * entries} times for {entries} parameters" in check.causes[0].evidence
    assert check.causes[0].line.text.strip().startswith("found[name][index] = (above - cost(")
    assert check.headline == f"the gradient is wrong: {NAME}"


def test_one_of_a_single_parameter_is_named_and_a_backward_pass_that_runs_the_cost_twice_is_none():
    def slope_cost(w, x):
        return float(np.mean((w[0] * x - 1.0) ** 2))

    def central(w, x, h=1e-5):
        return np.array([(slope_cost(w + h, x) - slope_cost(w - h, x)) / (2 * h)])

    def derived(w, x):
        before, again = slope_cost(w, x), slope_cost(w, x)
        return np.array([np.mean(2 * (w[0] * x - 1.0) * x) + before - again])

    x = np.linspace(-1, 2, 7)
    check = check_gradient(slope_cost, central, np.array([0.5]), x)
    assert (check.verdict, named(check)) == ("wrong", [NAME])
    assert "calls the cost 2 times for one parameter" in check.causes[0].evidence
    assert check_gradient(slope_cost, derived, np.array([0.5]), x).right


@pytest.mark.parametrize("h", [1e-4, 1e-5, 1e-6, 1e-7])
def test_one_of_a_copy_of_the_cost_is_named_by_its_source(h):
    check = outcome(partial(numeric_gradient, h=h, cost=copied_cost))
    assert (check.causes[0].name, check.analytic) == (NAME, False)
    assert check.verdict == "wrong"
    assert check.causes[0].line is not None


@pytest.mark.parametrize("h", [1e-4, 1e-5, 1e-6])
def test_one_that_cannot_be_read_is_suspect_by_its_noise(h):
    check = outcome(unread(partial(numeric_gradient, h=h, cost=copied_cost)))
    assert (check.verdict, check.analytic, named(check)) == ("suspect", False, [NAME])
    assert "it has the noise of a difference" in check.causes[0].evidence


def test_a_complex_step_is_named_by_its_source():
    def stepping(p, X, Y, lam):
        g = {name: np.zeros_like(v) for name, v in p.items()}
        for name, v in p.items():
            for i in np.ndindex(v.shape):
                moved = v.astype(complex)
                moved[i] += 1e-20j
                g[name][i] = copied_cost({**p, name: moved}, X, Y, lam).imag / 1e-20
        return g

    check = outcome(stepping)
    assert (check.verdict, named(check)) == ("wrong", [NAME])
    assert "an imaginary part is taken there" in check.causes[0].evidence
    assert ".imag" in check.causes[0].line.text


def test_a_wrong_one_is_named_with_what_is_wrong_beside():
    check = outcome(partial(numeric_gradient, cost=lambda p, X, Y, lam: cost(p, X, Y, lam / 2)))
    assert check.verdict == "wrong"
    assert named(check) == [NAME, "regulariser-half"]
    assert check.causes[0].line is not None
    assert check.causes[1].line is None


def test_a_derivation_that_checks_itself_is_none():
    def checking(p, X, Y, lam, h=1e-6):
        g = gradient(p, X, Y, lam)
        moved = {**p, "b2": p["b2"] + h}
        slope = (copied_cost(moved, X, Y, lam) - copied_cost(p, X, Y, lam)) / h
        assert abs(slope - g["b2"].sum()) < 1e-3
        return g

    check = outcome(checking)
    assert check.right, str(check)
    assert check.analytic


@pytest.mark.parametrize("derived", [gradient, halved, lambda *a: (cost(*a), gradient(*a))])
def test_derivations_right_and_wrong_are_none(derived):
    assert NAME not in named(outcome(derived))


def test_the_noise_of_derivations_is_far_below_that_of_differences():
    rng = np.random.default_rng(0)

    def noise(own):
        return hygiene.roughness(point_of(cost, own, drawn(), (X, Y, 0.1)), rng)

    assert noise(gradient) < 1e-16
    for h, least in ((1e-2, 1e-14), (1e-4, 1e-12), (1e-6, 1e-10)):
        assert noise(partial(numeric_gradient, h=h)) > least
    assert noise(lambda *a: {name: g.astype(np.float32) for name, g in gradient(*a).items()}) == 0
