"""Affine layer

Each of its three gradients is one product or sum, and shapes tell most of them. What shapes do not tell: that the bias
was added to every row of the batch, so that its gradient is the sum over the rows and not their mean
(`bias-mean-not-sum`), and that nothing is divided by the batch size twice (`double-batch-mean`).
"""

import numpy as np


def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1).dot(w) + b
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    x, w, b = cache
    dx = dout.dot(w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T.dot(dout)
    db = np.mean(dout, axis=0)
    return dx, dw, db
