"""Spatial batch norm

Each channel has one mean and one variance, over all images and all their pixels. Sums over the images alone give arrays
of the wrong shape, which broadcasting hides (`wrong-axis`); and what is divided by is N times H times W, not N
(`wrong-factor`).
"""

import numpy as np


def spatial_batchnorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=(0, 2, 3), keepdims=True)
    std = np.sqrt(x.var(axis=(0, 2, 3), keepdims=True) + eps)
    xhat = (x - mean) / std
    out = gamma[:, None, None] * xhat + beta[:, None, None]
    return out, (xhat, std, gamma)


def spatial_batchnorm_backward(dout, cache):
    xhat, std, gamma = cache
    dgamma = np.sum(dout * xhat, axis=(0, 2, 3))
    dbeta = np.sum(dout, axis=(0, 2, 3))
    dxhat = dout * gamma[:, None, None]
    m1 = dxhat.mean(axis=(0, 2, 3), keepdims=True)
    m2 = (dxhat * xhat).mean(axis=0, keepdims=True)
    dx = (dxhat - m1 - xhat * m2) / std
    return dx, dgamma, dbeta
