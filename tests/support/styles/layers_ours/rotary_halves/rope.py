"""Rotary position embeddings (the variant that pairs entry j with entry j + d/2)."""
import numpy as np


def rope_angles(T, d, offset=0, base=10000.0):
    inv_freq = base ** (-np.arange(0, d, 2) / d)       # (d/2,)
    pos = np.arange(offset, offset + T)                # (T,)
    return np.outer(pos, inv_freq)                     # (T, d/2)


def rope_forward(x, offset=0):
    """x: (batch, heads, T, d) with an even d. Returns the turned x and a cache."""
    T, d = x.shape[-2:]
    theta = rope_angles(T, d, offset)
    cos, sin = np.cos(theta), np.sin(theta)
    x1, x2 = x[..., :d // 2], x[..., d // 2:]
    out = np.concatenate([x1 * cos - x2 * sin, x2 * cos + x1 * sin], axis=-1)
    return out, (cos, sin)


def rope_backward(dout, cache):
    """The rotation is orthogonal: its gradient turns back by the same angles."""
    cos, sin = cache
    half = dout.shape[-1] // 2
    d1, d2 = dout[..., :half], dout[..., half:]
    dx1 = d1 * cos + d2 * sin
    dx2 = d2 * cos - d1 * sin
    return np.concatenate([dx1, dx2], axis=-1)
