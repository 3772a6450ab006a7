"""Two layers, rows, one-hot, leaky ReLU between, squared error of linear outputs: everything an argument."""

import numpy as np

SLOPE = 0.01


def leaky_relu(z):
    return np.where(z > 0, z, SLOPE * z)


def net_output(x, w1, b1, w2, b2):
    z = x @ w1 + b1
    a = leaky_relu(z)
    return z, a, a @ w2 + b2


def loss(w1, b1, w2, b2, x, t, reg):
    _, _, out = net_output(x, w1, b1, w2, b2)
    return np.sum((out - t) ** 2) / len(x) + reg * np.sum(w1**2) + reg * np.sum(w2**2)


def gradients(w1, b1, w2, b2, x, t, reg):
    z, a, out = net_output(x, w1, b1, w2, b2)
    d_out = 2 * (out - t) / len(x)
    g_w2 = a.T @ d_out + 2 * reg * w2
    g_b2 = d_out.sum(axis=0)
    d_a = d_out @ w2.T
    d_z = d_a * np.where(z > 0, 1, SLOPE)
    g_w1 = x.T @ d_z + 2 * reg * w1
    g_b1 = d_z.sum(axis=0)
    return g_w1, g_b1, g_w2, g_b2


def build(net):
    (W1, W2), (b1, b2) = net.W, net.b
    return {
        "cost": loss,
        "gradient": gradients,
        "parameters": (W1.T.copy(), b1, W2.T.copy(), b2),
        "data": (net.X, net.Y, net.shape.l2),
    }
