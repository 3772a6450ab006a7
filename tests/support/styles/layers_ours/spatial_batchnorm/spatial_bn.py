import numpy as np


def bn_forward(x, gamma, beta, eps=1e-5):
    mu = np.mean(x, axis=0)
    xc = x - mu
    istd = 1 / np.sqrt(np.mean(xc * xc, axis=0) + eps)
    xh = xc * istd
    return xh * gamma + beta, (xh, istd, gamma)


def bn_backward(dy, cache):
    xh, istd, gamma = cache
    dg = np.sum(dy * xh, axis=0)
    db = np.sum(dy, axis=0)
    dxh = dy * gamma
    dx = istd * (dxh - dxh.mean(axis=0) - xh * (dxh * xh).mean(axis=0))
    return dx, dg, db


def spatial_bn_forward(x, gamma, beta):
    """One mean and variance per channel, over batch, height and width."""
    N, C, H, W = x.shape
    flat = x.transpose(0, 2, 3, 1).reshape(-1, C)
    y, cache = bn_forward(flat, gamma, beta)
    return y.reshape(N, H, W, C).transpose(0, 3, 1, 2), cache


def spatial_bn_backward(dy, cache):
    N, C, H, W = dy.shape
    flat = dy.transpose(0, 2, 3, 1).reshape(-1, C)
    dx, dg, db = bn_backward(flat, cache)
    dx = dx.reshape(N, H, W, C).transpose(0, 3, 1, 2)
    return dx, dg, db
