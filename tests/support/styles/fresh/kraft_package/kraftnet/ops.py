"""Forward and backward of the single operations (rows are hours)."""
import numpy as np

TINY = 1e-5


def affine(x, w, b):
    return x @ w + b


def affine_vjp(g, x, w):
    return g @ w.T, x.T @ g, g.sum(axis=0)


def batchnorm(x, scale, shift):
    mu = x.mean(axis=0)
    xc = x - mu
    var = (xc ** 2).mean(axis=0)
    std = np.sqrt(var + TINY)
    xn = xc / std
    return scale * xn + shift, (xc, std, xn, scale)


def batchnorm_vjp(g, saved):
    xc, std, xn, scale = saved
    n = xc.shape[0]
    g_scale = (g * xn).sum(axis=0)
    g_shift = g.sum(axis=0)
    g_xn = g * scale
    # xn = xc / std, and std itself depends on xc
    g_std = -(g_xn * xc).sum(axis=0, keepdims=True) / std ** 2
    g_xc = g_xn / std + g_std * xc / (n * std)
    # xc = x - mean(x)
    g_x = g_xc - g_xc.mean(axis=0, keepdims=True)
    return g_x, g_scale, g_shift


def logistic(x):
    return 0.5 * (1.0 + np.tanh(0.5 * x))


def logistic_vjp(g, y):
    return g * y * (1.0 - y)
