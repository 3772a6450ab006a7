"""Steps that are not added up

The weights of a recurrent net are used at every step, and get the sum of what comes back from all of them. Here the
last turn of the loop overwrites the others: one sign is missing.
"""

import numpy as np


def rnn_forward(x, h0, Wx, Wh, b):
    hs = [h0]
    for t in range(x.shape[1]):
        hs.append(np.tanh(x[:, t] @ Wx + hs[-1] @ Wh + b))
    return np.stack(hs[1:], axis=1), (x, hs, Wx, Wh)


def rnn_backward(dout, cache):
    x, hs, Wx, Wh = cache
    dx, dWx, dWh = np.zeros_like(x), np.zeros_like(Wx), np.zeros_like(Wh)
    db, dh = np.zeros(Wh.shape[0]), np.zeros_like(hs[0])
    for t in reversed(range(x.shape[1])):
        dz = (dout[:, t] + dh) * (1 - hs[t + 1] ** 2)
        dx[:, t] = dz @ Wx.T
        dWx = x[:, t].T @ dz
        dWh += hs[t].T @ dz
        db += dz.sum(axis=0)
        dh = dz @ Wh.T
    return dx, dh, dWx, dWh, db
