import numpy as np


def layernorm_forward(x, g, b, eps=1e-5):
    """x has shape (N, T, D); every position is normalised over D."""
    mu = x.mean(axis=-1, keepdims=True)
    xc = x - mu
    var = (xc ** 2).mean(axis=-1, keepdims=True)
    rstd = 1.0 / np.sqrt(var + eps)
    xn = xc * rstd
    y = xn * g + b
    cache = (xc, rstd, xn, g)
    return y, cache


def layernorm_backward(dy, cache):
    xc, rstd, xn, g = cache
    D = dy.shape[-1]

    db = dy.sum(axis=(0, 1))
    dg = (dy * xn).sum(axis=(0, 1))

    dxn = dy * g
    dvar = np.sum(dxn * xc, axis=-1, keepdims=True) * -0.5 * rstd ** 3
    dmu = -np.sum(dxn * rstd, axis=-1, keepdims=True)
    # (the path mu -> var is zero since xc sums to zero)
    dx = dxn * rstd + dvar * 2.0 * xc / D + dmu / D
    return dx, dg, db
