"""How well an adapter fits is found out by calling its functions."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.recognition.calling import DataNames
from chainrule.gradcheck.recognition.fitness import Fitness, fitness, is_of_one_output

NAMES = DataNames("X", "Y", "", "lam")
X, Y = np.random.default_rng(0).normal(size=(4, 5)), np.eye(3)[:, [0, 1, 2, 0, 1]]
FITS = Fitness(cost=True, shapes=3, depends=True, penalised=True, agrees=True, share=1.0)


def cost(W, X, Y, lam):
    return np.sum((W @ X - Y) ** 2) / 2 + lam * np.sum(W**2)


def gradient(W, X, Y, lam):
    return (W @ X - Y) @ X.T + 2 * lam * W


def fit(cost=cost, gradient=gradient, parameters=None, **others):
    W = np.random.default_rng(1).normal(size=(3, 4)) if parameters is None else parameters
    return fitness(LocalProgram(cost, gradient, W, (X, Y, 0.1), **others), NAMES, seed=0)


@pytest.mark.parametrize(
    "gradient", [lambda W, X, Y, lam: 0 * W, lambda W, X, Y, lam: W @ X @ X.T + 2 * lam * W]
)
def test_a_gradient_that_ignores_the_labels_says_something_where_it_is_given_them(gradient):
    W = np.random.default_rng(1).normal(size=(3, 4))
    program = LocalProgram(cost, gradient, W, (X, Y, 0.1))
    assert not fitness(program, NAMES, seed=0).runs
    assert fitness(program, NAMES, seed=0, is_given_labels=True) == FITS._replace(agrees=False, share=0.0)
    constant = LocalProgram(lambda W, X, Y, lam: 0.0, gradient, W, (X, Y, 0.1))
    assert not fitness(constant, NAMES, seed=0, is_given_labels=True).runs


def test_the_best_fit_agrees():
    assert fit() == FITS
    assert fit().runs
    assert fit().best


@pytest.mark.parametrize(
    ("functions", "lost"),
    [
        (
            {"cost": lambda W, X, Y, lam: W},
            {"cost": False, "shapes": 0, "depends": False, "penalised": False, "agrees": False},
        ),
        (
            {"gradient": lambda W, X, Y, lam: 1 / 0},
            {"shapes": 0, "depends": False, "penalised": False, "agrees": False},
        ),
        (
            {"gradient": lambda W, X, Y, lam: X},
            {"shapes": 1, "depends": False, "penalised": False, "agrees": False},
        ),
        ({"gradient": lambda W, X, Y, lam: gradient(W, X, Y, 0)}, {"agrees": False}),
        ({"cost": lambda W, X, Y, lam: cost(W, X, Y, 0.1)}, {"penalised": False}),
        (
            {"cost": lambda W, X, Y, lam: cost(0 * W, X, Y, lam)},
            {"depends": False, "penalised": False, "agrees": False},
        ),
        ({"cost": lambda W, X, Y, lam: cost(W, X, 0, lam)}, {"depends": False, "agrees": False}),
        ({"gradient": lambda W, X, Y, lam: gradient(W, X, 0, lam)}, {"depends": False, "agrees": False}),
    ],
)
def test_what_an_adapter_lacks(functions, lost):
    worse = fit(**functions)
    assert worse == FITS._replace(share=float(worse.agrees), **lost)
    assert worse < FITS
    assert not worse.best
    assert worse.runs == (lost == {"agrees": False} or lost == {"penalised": False})


def test_of_two_layouts_in_which_something_is_wrong_that_fits_better_in_which_less_is():
    W = {"W": np.random.default_rng(1).normal(size=(3, 4)), "b": np.ones((3, 1))}

    def cost_of_both(p, X, Y, lam):
        return cost(p["W"], X, Y - p["b"], lam)

    def with_wrong(*wrong):
        def both(p, X, Y, lam):
            right = {
                "W": gradient(p["W"], X, Y - p["b"], lam),
                "b": (p["W"] @ X - Y + p["b"]).sum(1, keepdims=True),
            }
            return {name: (1 + (name in wrong)) * g for name, g in right.items()}

        return fit(cost_of_both, both, W)

    shares = [with_wrong(*wrong).share for wrong in ([], ["b"], ["W", "b"])]
    assert shares == [1.0, 0.5, 0.0]
    assert with_wrong("b") > with_wrong("W", "b")


def test_axes_of_length_1_are_loose():
    W = np.random.default_rng(1).normal(size=(3, 1, 4))
    loose = fit(
        lambda W, X, Y, lam: cost(W[:, 0], X, Y, lam), lambda W, X, Y, lam: gradient(W[:, 0], X, Y, lam), W
    )
    assert loose.shapes == 2
    assert loose.agrees


def test_gradients_in_another_order_agree_too():
    parameters = {"W": np.random.default_rng(2).normal(size=(3, 4)), "V": np.ones((4, 3)) / 7}
    fits = fit(
        lambda p, X, Y, lam: cost(p["W"] + p["V"].T, X, Y, lam),
        lambda p, X, Y, lam: [
            gradient(p["W"] + p["V"].T, X, Y, lam).T,
            gradient(p["W"] + p["V"].T, X, Y, lam),
        ],
        parameters,
    )
    assert fits == FITS


def test_a_numeric_gradient_that_does_not_run_or_has_other_shapes_is_none():
    assert fit(numeric=lambda W, X, Y, lam: 1 / 0) is None
    assert fit(numeric=lambda W, X, Y, lam: np.zeros((50, 4))) is None
    assert fit(numeric=gradient) == FITS


def test_what_the_cost_raises_is_raised():
    with pytest.raises(ZeroDivisionError):
        fit(lambda W, X, Y, lam: 1 / 0)


def pair(p, X, Y, lam):
    return cost(p["W"], X, Y, lam) + np.sum((p["b"] - Y.sum(axis=1)) ** 2)


@pytest.mark.parametrize(("factor", "agrees"), [(1, True), (2, False)])
def test_beside_another_shape_those_that_fit_say_whether_they_agree(factor, agrees):
    parameters = {"W": np.ones((3, 4)), "b": np.ones(3)}

    def gradients(p, X, Y, lam):
        return {"W": factor * gradient(p["W"], X, Y, lam), "b": np.ones((2, 2))}

    beside = fit(pair, gradients, parameters)
    assert (beside.shapes, beside.agrees, beside.runs) == (1, agrees, False)


@pytest.mark.parametrize(("across", "shapes"), [((1, 4), 3), ((4,), 2), ((4, 1), 1)])
def test_a_matrix_of_one_row_is_no_column(across, shapes):
    turned = fit(
        lambda W, X, Y, lam: np.sum((W @ X - Y[:1]) ** 2), lambda *given: np.ones(across), np.ones((1, 4))
    )
    assert turned.shapes == shapes


def hinge(W, X, Y, lam):
    S = W @ X
    return np.sum(np.maximum(0, S - np.sum(Y * S, axis=0) + 1) * (1 - Y)) + lam * np.sum(W**2)


def logistic(W, X, Y, lam):
    P = 1 / (1 + np.exp(-W @ X))
    return -np.mean(Y * np.log(P) + (1 - Y) * np.log(1 - P)) + lam * np.sum(W**2)


def margin(W, X, Y, lam):
    return np.sum(np.maximum(0, 10 - Y * (W @ X))) + lam * np.sum(W**2)


def perceptron(W, X, Y, lam):
    return np.sum(np.maximum(0, -Y * (W @ X))) + lam * np.sum(W**2)


def log_of_shares(W, X, Y, lam):
    return -np.sum(Y * (W @ X - np.log(np.sum(np.exp(W @ X))))) + lam * np.sum(W**2)


@pytest.mark.parametrize(
    ("cost", "one", "signs"),
    [
        (hinge, False, False),
        (logistic, True, True),
        (cost, True, True),
        (margin, False, True),
        (perceptron, False, True),
        (log_of_shares, False, False),
    ],
)
def test_a_loss_of_several_classes_is_of_no_single_output(cost, one, signs):
    program = LocalProgram(cost, gradient, X[:1, :4], (X, np.array([[0, 1, 1, 0, 1]]), 0.1))
    assert is_of_one_output(program, NAMES) == one
    assert is_of_one_output(program, NAMES, (-1, 1)) == signs
    assert is_of_one_output(program, DataNames("inputs", "Y"))
