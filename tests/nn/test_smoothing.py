"""Label smoothing: cross-entropy with targets that are spread, written down in another way, and its gradient."""

from __future__ import annotations

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from chainrule.nn import smoothing
from chainrule.nn.network import Network
from support.nets import NORMED, PLAIN, case, trained
from support.numeric import central_difference

RNG = np.random.default_rng(0)
S, Y, SHARE = RNG.normal(size=(3, 5, 4)), np.array([0, 3, 1, 1, 2]), np.array([0.0, 0.1, 0.9])
NET = Network((7, 4), "cross_entropy")


def expected(s):
    """-sum_k t_k log p_k, (P, N)."""
    targets = (1 - SHARE)[:, None, None] * np.eye(4)[Y] + SHARE[:, None, None] / 4
    log_p = s - anp.log(anp.sum(anp.exp(s), axis=2, keepdims=True))
    return -anp.sum(targets * log_p, axis=2)


def test_it_is_cross_entropy_with_the_targets_spread():
    losses, ds = NET.losses(S, Y, SHARE)
    np.testing.assert_allclose(losses, expected(S), rtol=1e-12)
    by_autograd = grad(lambda s: anp.sum(anp.mean(expected(s), axis=1)))(S)
    np.testing.assert_allclose(ds, by_autograd, rtol=0, atol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_types_are_kept_and_nothing_is_added_for_a_share_of_0(dtype):
    losses, ds = NET.losses(S.astype(dtype), Y, SHARE)
    plain, usual = NET.losses(S.astype(dtype), Y)
    assert {losses.dtype, ds.dtype} == {np.dtype(dtype)}
    np.testing.assert_array_equal(losses[0], plain[0])
    np.testing.assert_array_equal(ds[0], usual[0])


def test_the_complex_step_goes_through_it():
    direction = RNG.normal(size=S.shape)
    added, ds = smoothing.forward(S + 1e-20j * direction, Y, SHARE), np.zeros_like(S)
    smoothing.backward(ds, Y, SHARE)
    np.testing.assert_allclose(added.mean(axis=1).imag / 1e-20, (ds * direction).sum(axis=(1, 2)), rtol=1e-12)


@pytest.mark.parametrize("net", [PLAIN[1], NORMED[1]], ids=str)
def test_the_gradient_of_a_net_is_that_of_central_differences(net):
    network, parameters, x, y, l2 = case(net, "cross_entropy", 3, 9)
    weights = np.random.default_rng(1).uniform(0, 2, (3, 9))

    def taken():
        return network.gradient(parameters, x, y, l2, weights, smoothed=SHARE)

    _, gradient = taken()
    for name, array in trained(parameters).items():
        numeric = central_difference(lambda: float(taken()[0].sum()), array)
        np.testing.assert_allclose(gradient[name], numeric, rtol=0, atol=1e-7, err_msg=name)
