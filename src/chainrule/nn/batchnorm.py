r"""Batch norm of every member, in front of the activation, forward and backward (Ioffe and Szegedy, 2015).

Training, over the N samples of a minibatch, for each unit by itself:

    mu = (1/N) sum_n s_n,   v = (1/N) sum_n (s_n - mu)^2,   s_hat_n = (s_n - mu) / sqrt(v + eps),
    out_n = gamma s_hat_n + beta.

Backward. With g_n = dJ/dout_n given, beta and gamma stand in each out_n once:

    dbeta = sum_n g_n,   dgamma = sum_n g_n s_hat_n,   dJ/ds_hat_n = gamma g_n =: h_n.

s_m reaches J through s_hat_m, and through v and mu through every s_hat_n. Write sigma = sqrt(v + eps). Then
dv/ds_m = (2/N) (s_m - mu), as the term through mu sums to zero, and dmu/ds_m = 1/N, so

    ds_hat_n/ds_m = ([n = m] - 1/N) / sigma - (s_n - mu) / (2 sigma^3) * (2/N) (s_m - mu)
                  = ([n = m] - 1/N - s_hat_n s_hat_m / N) / sigma.

Summing h_n times this over n gives

    ds_m = (h_m - (1/N) sum_n h_n - s_hat_m (1/N) sum_n h_n s_hat_n) / sigma
         = gamma / sigma * (g_m - dbeta / N - s_hat_m dgamma / N).

The two means are what a batch norm backward that holds mu or v constant leaves out. A bias added in front of batch
norm shifts s_n and mu alike: its gradient is 0.

Where samples have weights (:mod:`chainrule.nn.weighting`), mu = (1/N) sum_n r_n s_n and v likewise, so that s_m counts
r_m times in both: dmu/ds_m = r_m/N, dv/ds_m = (2/N) r_m (s_m - mu), and

    ds_m = gamma / sigma * (g_m - r_m (dbeta / N + s_hat_m dgamma / N)),

g_n holding its r_n already.

In evaluation mu and v are running values: the first minibatch's, then a share of the old (0.9, unless settings say
otherwise) and the rest of the new, v with 1/N as in training.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.nn.weighting import weighed

EPS = 1e-5


class Cache(NamedTuple):
    """What backward and the running values need: s - mu (P, N, H); gamma, 1/sigma, mu and v, each (P, H); r,
    (P, N), where there is one.

    s_hat = (s - mu) / sigma is never formed: 1/sigma goes with gamma, which saves a pass over the samples.
    """

    centred: Array
    gamma: Array
    inverse_sigma: Array
    mean: Array
    variance: Array
    r: Array | None = None


def forward(s: Array, gamma: Array, beta: Array, r: Array | None = None) -> tuple[Array, Cache]:
    """Normalise by the minibatch's own mean and variance (training).

    Args:
        s: (P, N, H), N >= 2.
        gamma, beta: (P, H).
        r: weights of the samples over their mean, (P, N); None where all count alike.

    Returns:
        gamma * s_hat + beta, (P, N, H), and the cache for :func:`backward` and :func:`update_running`.

    Raises:
        ValueError: N is 1.

    >>> s = np.array([[[1.0], [3.0]]])
    >>> out, cache = forward(s, gamma=np.array([[10.0]]), beta=np.array([[5.0]]))
    >>> out.round(2).ravel().tolist(), cache.mean.item(), cache.variance.item()
    ([-5.0, 15.0], 2.0, 1.0)
    """
    if s.shape[1] < 2:
        raise ValueError("batch norm needs 2 samples or more: of one alone nothing but beta would be left")
    samples = s.shape[1]
    mean = np.einsum("pnh->ph", weighed(s, r)) / samples
    centred = s - mean[:, np.newaxis]
    variance = np.einsum("pnh,pnh->ph", weighed(centred, r), centred) / samples
    inverse_sigma = 1 / np.sqrt(variance + EPS)
    out = centred * (gamma * inverse_sigma)[:, np.newaxis]
    out += beta[:, np.newaxis]
    return out, Cache(centred, gamma, inverse_sigma, mean, variance, r)


def backward(g: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """ds (P, N, H), dgamma (P, H) and dbeta (P, H) from g = dJ/dout (P, N, H).

    An error that is the same for all samples moves beta alone: the mean takes it out again.

    >>> _, cache = forward(np.array([[[1.0], [3.0]]]), np.ones((1, 1)), np.zeros((1, 1)))
    >>> ds, dgamma, dbeta = backward(np.ones((1, 2, 1)), cache)
    >>> abs(ds).max().item(), dgamma.item(), dbeta.item()
    (0.0, 0.0, 2.0)
    """
    centred, gamma, inverse_sigma, _, _, r = cache
    samples = g.shape[1]
    dbeta = np.einsum("pnh->ph", g)
    dgamma = np.einsum("pnh,pnh->ph", g, centred) * inverse_sigma
    ds = centred * (dgamma * inverse_sigma / samples)[:, np.newaxis]
    ds += (dbeta / samples)[:, np.newaxis]
    ds = weighed(ds, r)
    np.subtract(g, ds, out=ds)
    ds *= (gamma * inverse_sigma)[:, np.newaxis]
    return ds, dgamma, dbeta


def evaluate(s: Array, gamma: Array, beta: Array, mean: Array, variance: Array) -> Array:
    """Normalise by running values (evaluation): s (P, N, H); all others (P, H).

    >>> unit = np.ones((1, 1))
    >>> evaluate(np.array([[[7.0]]]), gamma=unit, beta=unit, mean=3 * unit, variance=4 * unit).round(3).item()
    3.0
    """
    slope = gamma / np.sqrt(variance + EPS)
    out: Array = s * slope[:, np.newaxis]
    out += (beta - mean * slope)[:, np.newaxis]
    return out


def update_running(mean: Array, variance: Array, cache: Cache, keep: float | Array) -> None:
    """Move the running mean and variance (P, H) in place towards the minibatch's: ``keep`` is the share of the old, one
    for all or (P, 1).

    >>> _, cache = forward(np.array([[[1.0], [3.0]]]), np.ones((1, 1)), np.zeros((1, 1)))
    >>> mean, variance = np.zeros((1, 1)), np.ones((1, 1))
    >>> update_running(mean, variance, cache, keep=0.75)
    >>> mean.item(), variance.item()  # 0.75 * 0 + 0.25 * 2, 0.75 * 1 + 0.25 * 1
    (0.5, 1.0)
    """
    mean *= keep
    mean += (1 - keep) * cache.mean
    variance *= keep
    variance += (1 - keep) * cache.variance
