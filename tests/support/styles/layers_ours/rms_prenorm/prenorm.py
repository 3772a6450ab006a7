"""RMSNorm -> linear -> SiLU, residual around it, as in a small LLM block (one function each way)."""
from typing import NamedTuple

import numpy as np

EPS = 1e-6


class Saved(NamedTuple):
    x: np.ndarray
    inv: np.ndarray
    u: np.ndarray
    a: np.ndarray
    s: np.ndarray
    g: np.ndarray
    W: np.ndarray


def block(x, g, W, b):
    """x: (B, T, D); g: (D,); W: (D, D); b: (D,)"""
    inv = (np.mean(x * x, axis=-1, keepdims=True) + EPS) ** -0.5
    u = x * inv * g
    a = u @ W + b
    s = 1 / (1 + np.exp(-a))
    return x + a * s, Saved(x, inv, u, a, s, g, W)


def block_backward(dy, saved):
    x, inv, u, a, s, g, W = saved
    D = x.shape[-1]
    da = dy * (s + a * s * (1 - s))
    dW = np.tensordot(u, da, axes=([0, 1], [0, 1]))
    db = da.sum(axis=(0, 1))
    du = da @ W.T
    dg = (du * x * inv).sum(axis=(0, 1))
    dn = du * g
    dx = dn * inv - x * inv ** 3 * np.sum(dn * x, axis=-1, keepdims=True) / D
    dx = dx + dy
    return dx, dg, dW, db
