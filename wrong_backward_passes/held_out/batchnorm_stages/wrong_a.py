import numpy as np


def bn_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=0)
    centered = x - mean
    var = (centered ** 2).mean(axis=0)
    inv_std = 1.0 / np.sqrt(var + eps)
    x_hat = centered * inv_std
    return gamma * x_hat + beta, (x_hat, centered, inv_std, gamma)


def bn_backward(dy, cache):
    x_hat, centered, inv_std, gamma = cache
    m = dy.shape[0]
    dgamma = np.sum(dy * x_hat, axis=0)
    dbeta = np.sum(dy, axis=0)
    dx_hat = dy * gamma
    # through the variance
    dinv_std = np.sum(dx_hat * centered, axis=0)
    dvar = -0.5 * inv_std ** 3 * dinv_std
    dcentered = dx_hat * inv_std + 2.0 / m * centered * dvar
    # through the mean
    dx = dcentered
    return dx, dgamma, dbeta
