import math
import numpy as np

GELU_C = math.sqrt(2.0 / math.pi)


def affine_forward(x, w, b):
    """x: (N, D), w: (D, M), b: (M,)"""
    out = x.dot(w) + b
    cache = (x, w)
    return out, cache


def affine_backward(dout, cache):
    x, w = cache
    dx = dout.dot(w.T)
    dw = x.T.dot(dout)
    db = dout.sum(axis=0)
    return dx, dw, db


def gelu_forward(z):
    """The tanh approximation of GELU."""
    inner = GELU_C * (z + 0.044715 * z ** 3)
    t = np.tanh(inner)
    out = 0.5 * z * (1.0 + t)
    return out, (z, t)


def gelu_backward(dout, cache):
    z, t = cache
    dinner = GELU_C * (1.0 + 3 * 0.044715 * z ** 2)
    left = 0.5 * (1.0 + t)
    right = 0.5 * z * (1.0 - t ** 2) * dinner
    return dout * (left + right)


def affine_gelu_forward(x, w, b):
    z, fc_cache = affine_forward(x, w, b)
    out, act_cache = gelu_forward(z)
    return out, (fc_cache, act_cache)


def affine_gelu_backward(dout, cache):
    fc_cache, act_cache = cache
    dz = gelu_backward(dout, act_cache)
    return affine_backward(dz, fc_cache)
