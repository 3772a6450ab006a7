import numpy as np


def temporal_affine_forward(x, w, b):
    """
    The same affine map at every time step.

    Inputs:
    - x: shape (N, T, D)
    - w: shape (D, M)
    - b: shape (M,)
    """
    N, T, D = x.shape
    M = b.shape[0]
    flat = x.reshape(N * T, D)
    out = flat.dot(w).reshape(N, T, M) + b
    return out, (x, w)


def temporal_affine_backward(dout, cache):
    x, w = cache
    N, T, D = x.shape
    M = dout.shape[2]

    dflat = dout.reshape(N * T, M)
    dx = dflat.dot(w.T).reshape(N, T, D)
    dw = x.reshape(N * T, D).T.dot(dflat)
    db = dout.sum(axis=(0, 1))
    return dx, dw, db


def temporal_softmax_loss(x, y, mask):
    """
    Softmax loss over a minibatch of sequences, summed over time and
    averaged over the batch. Steps whose mask is False do not count.

    - x: scores, shape (N, T, V)
    - y: correct classes, shape (N, T)
    - mask: booleans, shape (N, T)
    Returns the loss and its gradient dx.
    """
    N, T, V = x.shape
    scores = x.reshape(N * T, V)
    targets = y.reshape(N * T)
    keep = mask.reshape(N * T)
    rows = np.arange(N * T)

    scores = scores - scores.max(axis=1, keepdims=True)
    probs = np.exp(scores)
    probs /= probs.sum(axis=1, keepdims=True)
    loss = -np.sum(keep * np.log(probs[rows, targets])) / N

    dscores = probs.copy()
    dscores[rows, targets] -= 1
    dscores /= N
    dscores *= keep[:, None]
    return loss, dscores.reshape(N, T, V)
