"""Moving averages on the way back through batch norm, found by what they make of the gradient."""

import numpy as np
import pytest

from chainrule.gradcheck import check_gradient
from support.plain_nets import named
from support.samples import one_in

RNG = np.random.default_rng(8)
X, LABELS = RNG.standard_normal((9, 4)), RNG.integers(0, 3, 9)
P = {
    "W1": RNG.standard_normal((4, 5)), "b1": RNG.standard_normal(5), "gamma": RNG.uniform(0.5, 2, 5),
    "beta": RNG.standard_normal(5), "W2": RNG.standard_normal((5, 3)), "b2": RNG.standard_normal(3),
}  # fmt: skip
MEAN, VARIANCE = RNG.standard_normal(5), RNG.uniform(0.5, 2, 5)


def forward(p, X):
    s = X @ p["W1"] + p["b1"]
    mean, variance = s.mean(axis=0), s.var(axis=0)
    out = p["gamma"] * (s - mean) / np.sqrt(variance + 1e-5) + p["beta"]
    scores = np.maximum(out, 0) @ p["W2"] + p["b2"]
    E = np.exp(scores)
    return s, mean, variance, out, E / E.sum(axis=1, keepdims=True)


def cost(p, X, y, lam):
    P = forward(p, X)[-1]
    return -np.log(P[np.arange(len(y)), y]).mean() + lam * ((p["W1"] ** 2).sum() + (p["W2"] ** 2).sum())


def gradient_with(statistics, in_gamma=True, centred=False):
    """The gradient with what ``statistics`` makes of the batch's mean and variance."""

    def gradient(p, X, y, lam):
        s, mean, variance, out, P = forward(p, X)
        G = (P - np.eye(3)[y]) / len(y)
        g = {"W2": np.maximum(out, 0).T @ G + 2 * lam * p["W2"], "b2": G.sum(axis=0)}
        G = G @ p["W2"].T * (out > 0)
        m, v = statistics(mean, variance)
        z = (s - m) / np.sqrt(v + 1e-5)
        right = (s - mean) / np.sqrt(variance + 1e-5)
        g |= {"gamma": (G * (z if in_gamma else right)).sum(axis=0), "beta": G.sum(axis=0)}
        G = G * p["gamma"]
        G = G - z * (G * z).mean(axis=0) - (0 if centred else G.mean(axis=0))
        G = (G - G.mean(axis=0) if centred else G) / np.sqrt(v + 1e-5)
        return g | {"W1": X.T @ G + 2 * lam * p["W1"], "b1": G.sum(axis=0)}

    return gradient


def causes(gradient):
    return named(check_gradient(cost, gradient, P, X, LABELS, 0.1))


def test_with_the_batch_s_own_the_gradient_is_right():
    assert causes(gradient_with(lambda m, v: (m, v))) == []


@pytest.mark.parametrize(
    ("in_gamma", "centred"), one_in(2, [(True, True), (True, False), (False, False), (False, True)])
)
def test_other_statistics_on_the_way_back_are_named(in_gamma, centred):
    wrong = gradient_with(lambda m, v: (MEAN, VARIANCE), in_gamma, centred)
    assert causes(wrong) == ["batchnorm-running-statistics"]


def test_averages_that_are_others_at_every_point_are_named():
    moving = gradient_with(lambda m, v: (0.9 * MEAN + 0.1 * m, 0.9 + 0.1 * v))
    assert causes(moving) == ["batchnorm-running-statistics"]


def test_a_scale_that_no_statistics_explain_has_another_name():
    def scaled(p, X, y, lam):
        g = gradient_with(lambda m, v: (m, v))(p, X, y, lam)
        return g | {"W1": g["W1"] * np.linspace(1, 2, 20).reshape(4, 5)}

    assert causes(scaled) == ["wrong-factor"]
