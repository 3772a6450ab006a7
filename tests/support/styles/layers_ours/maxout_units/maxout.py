import numpy as np


def maxout_forward(x, W, b):
    """
    x: (N, D)
    W: (K, D, M)   K linear pieces for each of the M units
    b: (K, M)
    """
    z = np.einsum('nd,kdm->nkm', x, W) + b[None]
    winner = np.argmax(z, axis=1)                      # (N, M)
    out = np.max(z, axis=1)
    return out, (x, W, winner)


def maxout_backward(dout, cache):
    x, W, winner = cache
    K = W.shape[0]
    hot = np.arange(K)[None, :, None] == winner[:, None, :]   # (N, K, M)
    dz = hot * dout[:, None, :]
    dx = np.einsum('nkm,kdm->nd', dz, W)
    dW = np.einsum('nd,nkm->kdm', x, dz)
    db = dz.sum(axis=0)
    return dx, dW, db
