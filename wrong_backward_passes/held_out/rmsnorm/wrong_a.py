import numpy as np


def rmsnorm_forward(x, g, eps=1e-6):
    ms = np.mean(x * x, axis=-1, keepdims=True)
    r = 1.0 / np.sqrt(ms + eps)
    return x * r * g, (x, r, g)


def rmsnorm_backward(dout, cache):
    x, r, g = cache
    d = x.shape[-1]
    dg = (dout * x * r).reshape(-1, d).sum(axis=0)
    dn = dout * g
    dot = (dn * x).sum(axis=-1, keepdims=True)
    dx = r * dn - x * r ** 3 * dot
    return dx, dg
