import numpy as np


def embedding_forward(x, W, pad_idx=None):
    """
    Look up rows of W and scale them by sqrt(D), as transformers do.

    x: integers of shape (N, T)
    W: weights of shape (V, D)
    pad_idx: if given, positions holding this index give zeros
    Returns out of shape (N, T, D) and a cache.
    """
    D = W.shape[1]
    out = W[x] * np.sqrt(D)
    if pad_idx is not None:
        out[x == pad_idx] = 0.0
    cache = (x, W.shape, pad_idx)
    return out, cache


def embedding_backward(dout, cache):
    """Returns dW of shape (V, D)."""
    x, shape, pad_idx = cache
    dW = np.zeros(shape)
    d = dout * np.sqrt(shape[1])
    if pad_idx is not None:
        d[x == pad_idx] = 0.0
    np.add.at(dW, x, d)
    return dW
