"""Batch norm

Every sample of the batch moves the mean and the variance, so that three ways lead back to it: directly, by the mean and
by the variance. One of them is left out more often than anything else (`batchnorm-mean-constant`,
`batchnorm-variance-constant`); the rest is sums over the wrong axis and `gamma` forgotten on the way.
"""

import numpy as np


def batchnorm_forward(x, gamma, beta, eps=1e-5):
    mu = x.mean(axis=0)
    xmu = x - mu
    var = (xmu**2).mean(axis=0)
    ivar = 1 / np.sqrt(var + eps)
    xhat = xmu * ivar
    return gamma * xhat + beta, (xmu, ivar, xhat, gamma)


def batchnorm_backward(dout, cache):
    xmu, ivar, xhat, gamma = cache
    N = dout.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = (dout * xhat).sum(axis=0)
    dxhat = dout * gamma
    dvar = (dxhat * xmu).sum(axis=0) * -0.5 * ivar**3
    dxmu = dxhat * ivar + 2 * xmu * dvar / N
    return dxmu, dgamma, dbeta
