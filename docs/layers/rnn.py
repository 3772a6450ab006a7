"""Recurrent net

The state goes on to the next step and, in most nets, to an output: on the way back it gets both, and what comes from
the next step has to be handed on in the loop. That part is lost (`path-left-out`), or the weights' gradients keep only
one step of the sequence (`overwritten-not-accumulated`).
"""

import numpy as np


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    h = np.zeros((N, T, h0.shape[1]))
    prev = h0
    for t in range(T):
        prev = np.tanh(x[:, t] @ Wx + prev @ Wh + b)
        h[:, t] = prev
    return h, (x, h0, Wx, Wh, h)


def rnn_backward(dh, cache):
    x, h0, Wx, Wh, h = cache
    dx, dWx, dWh = np.zeros_like(x), np.zeros_like(Wx), np.zeros_like(Wh)
    db, dnext = np.zeros(Wh.shape[0]), np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        dz = dh[:, t] * (1 - h[:, t] ** 2)
        prev = h[:, t - 1] if t > 0 else h0
        dx[:, t] = dz @ Wx.T
        dWx += x[:, t].T @ dz
        dWh += prev.T @ dz
        db += dz.sum(axis=0)
        dnext = dz @ Wh.T
    return dx, dnext, dWx, dWh, db
