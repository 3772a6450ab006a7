"""Group norm

What is normalised together is one group of channels of one image, and the arrays are reshaped for it and back. On the
way `gamma` is forgotten, as it belongs to channels and not to groups (`wrong-factor`, `wrong-value`), or the number of
values in a group is taken for another one.
"""

import numpy as np


def groupnorm_forward(x, gamma, beta, G=2, eps=1e-5):
    N, C, H, W = x.shape
    xg = x.reshape(N, G, C // G * H * W)
    mean = xg.mean(axis=2, keepdims=True)
    inv = 1 / np.sqrt(xg.var(axis=2, keepdims=True) + eps)
    xhat = ((xg - mean) * inv).reshape(N, C, H, W)
    out = gamma.reshape(1, C, 1, 1) * xhat + beta.reshape(1, C, 1, 1)
    return out, (xhat, inv, gamma, G)


def groupnorm_backward(dout, cache):
    xhat, inv, gamma, G = cache
    N, C, H, W = dout.shape
    dgamma = (dout * xhat).sum(axis=(0, 2, 3))
    dbeta = dout.sum(axis=(0, 2, 3))
    M = C // G * H * W
    dxhat = dout.reshape(N, G, -1)
    xhat = xhat.reshape(N, G, -1)
    s1 = dxhat.sum(axis=2, keepdims=True)
    s2 = (dxhat * xhat).sum(axis=2, keepdims=True)
    dx = inv * (dxhat - s1 / M - xhat * s2 / M)
    return dx.reshape(N, C, H, W), dgamma, dbeta
