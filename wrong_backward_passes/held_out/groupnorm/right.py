import numpy as np


def group_norm(x, weight, bias, groups, eps=1e-5):
    """x (N, C, H, W); weight and bias (1, C, 1, 1)"""
    N, C, H, W = x.shape
    xg = x.reshape(N, groups, -1)
    mean = xg.mean(axis=2, keepdims=True)
    std = np.sqrt(xg.var(axis=2, keepdims=True) + eps)
    xhat = ((xg - mean) / std).reshape(x.shape)
    return xhat * weight + bias, (xhat, std, weight, groups)


def group_norm_back(dy, cache):
    xhat, std, weight, groups = cache
    N, C, H, W = dy.shape
    dweight = np.sum(dy * xhat, axis=(0, 2, 3), keepdims=True)
    dbias = np.sum(dy, axis=(0, 2, 3), keepdims=True)
    dxhat = (dy * weight).reshape(N, groups, -1)
    xg = xhat.reshape(N, groups, -1)
    m = xg.shape[2]
    dx = dxhat - dxhat.sum(axis=2, keepdims=True) / m - xg * np.sum(dxhat * xg, axis=2, keepdims=True) / m
    dx = (dx / std).reshape(dy.shape)
    return dx, dweight, dbias
