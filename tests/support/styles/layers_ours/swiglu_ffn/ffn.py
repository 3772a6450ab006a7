import numpy as np


def sigmoid(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))


def swiglu_ffn_fwd(x, W_gate, W_up, W_down):
    """y = (silu(x W_gate) * (x W_up)) W_down,  x: (B, T, C)"""
    g = x @ W_gate
    u = x @ W_up
    s = sigmoid(g)
    a = g * s            # silu
    h = a * u
    y = h @ W_down
    return y, (x, W_gate, W_up, W_down, g, u, s, a, h)


def swiglu_ffn_bwd(dy, cache):
    x, W_gate, W_up, W_down, g, u, s, a, h = cache
    C = x.shape[-1]
    F = h.shape[-1]
    x2 = x.reshape(-1, C)

    dW_down = h.reshape(-1, F).T @ dy.reshape(-1, C)
    dh = dy @ W_down.T

    du = dh * a
    da = dh * u
    # silu'(g) = s + g s (1 - s)
    dg = da * (s + g * s * (1 - s))

    dW_gate = x2.T @ dg.reshape(-1, F)
    dW_up = x2.T @ du.reshape(-1, F)
    dx = dg @ W_gate.T + du @ W_up.T
    return dx, dW_gate, dW_up, dW_down
