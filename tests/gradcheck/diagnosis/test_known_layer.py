"""Batch norm's backward pass by itself."""

import numpy as np
import pytest

from chainrule.gradcheck import check_layer
from support.plain_nets import named

RNG = np.random.default_rng(2)
X = RNG.standard_normal((6, 4))
GAMMA, BETA = RNG.uniform(0.5, 2, 4), RNG.standard_normal(4)
EPS = 1e-5


def batch_norm(x, gamma, beta):
    mean, var = x.mean(axis=0), x.var(axis=0)
    hat = (x - mean) / np.sqrt(var + EPS)
    return gamma * hat + beta, (hat, gamma, np.sqrt(var + EPS))


def batch_norm_backward(dout, cache):
    hat, gamma, sigma = cache
    g = dout * gamma
    dx = (g - g.mean(axis=0) - hat * (g * hat).mean(axis=0)) / sigma
    return dx, (dout * hat).sum(axis=0), dout.sum(axis=0)


def mean_constant(dout, cache):
    hat, gamma, sigma = cache
    g = dout * gamma
    dx = (g - hat * (g * hat).mean(axis=0)) / sigma
    return dx, (dout * hat).sum(axis=0), dout.sum(axis=0)


def variance_constant(dout, cache):
    hat, gamma, sigma = cache
    g = dout * gamma
    dx = (g - g.mean(axis=0)) / sigma
    return dx, (dout * hat).sum(axis=0), dout.sum(axis=0)


def statistics_constant(dout, cache):
    hat, gamma, sigma = cache
    dx = dout * gamma / sigma
    return dx, (dout * hat).sum(axis=0), dout.sum(axis=0)


def gamma_missing(dout, cache):
    hat, _, sigma = cache
    g = dout
    dx = (g - g.mean(axis=0) - hat * (g * hat).mean(axis=0)) / sigma
    return dx, (dout * hat).sum(axis=0), dout.sum(axis=0)


def exchanged(dout, cache):
    dx, _, dbeta = batch_norm_backward(dout, cache)
    return dx, dbeta, dbeta


def test_a_right_batch_norm_is_right():
    outcome = check_layer(batch_norm, batch_norm_backward, X, GAMMA, BETA)
    assert outcome.right, str(outcome)
    assert [t.name for t in outcome.tensors] == ["x", "gamma", "beta"]


def test_a_right_batch_norm_with_samples_as_columns_is_right_and_a_wrong_one_named():
    def forward(x, gamma, beta):
        out, cache = batch_norm(x.T, gamma.reshape(-1), beta.reshape(-1))
        return out.T, cache

    def backward_with(rows):
        def backward(dout, cache):
            dx, dgamma, dbeta = rows(dout.T, cache)
            return dx.T, dgamma[:, np.newaxis], dbeta[:, np.newaxis]

        return backward

    columns = X.T, GAMMA[:, np.newaxis], BETA[:, np.newaxis]
    assert check_layer(forward, backward_with(batch_norm_backward), *columns).right
    assert named(check_layer(forward, backward_with(mean_constant), *columns)) == ["batchnorm-mean-constant"]


@pytest.mark.parametrize(
    ("backward", "cause", "tensor", "text"),
    [
        (mean_constant, "batchnorm-mean-constant", "x", "dx = (g - hat * (g * hat).mean(axis=0)) / sigma"),
        (variance_constant, "batchnorm-variance-constant", "x", "dx = (g - g.mean(axis=0)) / sigma"),
        (statistics_constant, "batchnorm-statistics-constant", "x", "dx = dout * gamma / sigma"),
        (gamma_missing, "batchnorm-gamma-missing", "x", None),
        (exchanged, "swapped", "gamma", None),
    ],
)
def test_a_mistake_in_batch_norm_is_named_with_its_line(backward, cause, tensor, text):
    outcome = check_layer(batch_norm, backward, X, GAMMA, BETA)
    assert [t.name for t in outcome.tensors if t.verdict != "right"] == [tensor]
    assert named(outcome) == [cause]
    if text is not None:
        assert outcome.causes[0].line.text.strip() == text


@pytest.mark.parametrize("eps", [0.0, 1e-8, 1e-3])
def test_batch_norm_is_known_with_every_usual_epsilon_and_without_scale_and_shift(eps):
    def forward(x):
        sigma = np.sqrt(x.var(axis=0) + eps)
        return (x - x.mean(axis=0)) / sigma, sigma

    outcome = check_layer(forward, lambda dout, sigma: (dout - dout.mean(axis=0)) / sigma, X)
    assert named(outcome) == ["batchnorm-variance-constant"]


def test_what_is_no_array_of_floats_is_passed_on_wherever_it_stands():
    def forward(x, gamma, beta, bn_param):
        assert bn_param == {"mode": "train", "eps": EPS}
        return batch_norm(x, gamma, beta)

    assert check_layer(forward, batch_norm_backward, X, GAMMA, BETA, {"mode": "train", "eps": EPS}).right

    def param_first(bn_param, x, steps, gamma, beta):
        assert steps.tolist() == [1, 2]
        return forward(x, gamma, beta, bn_param)

    given = {"mode": "train", "eps": EPS}, X, np.array([1, 2]), GAMMA, BETA
    outcome = check_layer(param_first, batch_norm_backward, *given)
    assert outcome.right
    assert [t.name for t in outcome.tensors] == ["x", "gamma", "beta"]
    assert named(check_layer(param_first, mean_constant, *given)) == ["batchnorm-mean-constant"]


@pytest.mark.parametrize(("count", "is_ddof"), [(lambda x: len(x) - 1, True), (lambda x: x.shape[1], False)])
@pytest.mark.parametrize("across", [False, True])
def test_as_many_features_as_samples_but_one_are_told_from_a_ddof(count, is_ddof, across):
    def backward(dout, cache):
        dout = dout.T if across else dout
        hat, gamma, sigma = cache
        g, n = dout * gamma, count(dout)
        dx = (g - g.sum(axis=0) / n - hat * (g * hat).sum(axis=0) / n) / sigma
        return dx.T if across else dx, (dout * hat).sum(axis=0), dout.sum(axis=0)

    def forward(x, gamma, beta):
        out, cache = batch_norm(x.T if across else x, gamma, beta)
        return out.T if across else out, cache

    x = X[:5]
    names = named(check_layer(forward, backward, x.T if across else x, GAMMA, BETA))
    assert ("batchnorm-ddof" in names) == is_ddof
