import numpy as np


def highway_forward(x, Wh, bh, Wt, bt):
    """y = t * h + (1 - t) * x with h = relu(x Wh + bh) and t = sigmoid(x Wt + bt)"""
    h = np.maximum(x @ Wh + bh, 0)
    t = 1 / (1 + np.exp(-(x @ Wt + bt)))
    y = t * h + (1 - t) * x
    return y, (x, h, t, Wh, Wt)


def highway_backward(dy, cache):
    x, h, t, Wh, Wt = cache
    dh = dy * t * (h > 0)
    dt = dy * (h - x) * t * (1 - t)
    dWh, dbh = x.T @ dh, dh.sum(axis=0)
    dWt, dbt = x.T @ dt, dt.sum(axis=0)
    dx = dh @ Wh.T + dt @ Wt.T + dy * (1 - t)
    return dx, dWh, dbh, dWt, dbt


def highway_stack(x, layers):
    """layers: a list of (Wh, bh, Wt, bt)"""
    caches = []
    for weights in layers:
        x, cache = highway_forward(x, *weights)
        caches.append(cache)
    return x, caches


def highway_stack_backward(dy, caches):
    grads = []
    for cache in reversed(caches):
        dy, *g = highway_backward(dy, cache)
        grads.insert(0, g)
    return dy, grads
