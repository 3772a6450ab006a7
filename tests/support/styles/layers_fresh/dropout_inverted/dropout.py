import numpy as np


def dropout_forward(x, dropout_param):
    """Inverted dropout.

    dropout_param: p    -- probability of DROPPING a unit
                   mode -- "train" or "test"
                   seed -- for a mask that can be repeated
    """
    p, mode = dropout_param["p"], dropout_param["mode"]
    rng = np.random.RandomState(dropout_param.get("seed"))
    mask = None
    if mode == "train":
        mask = rng.rand(*x.shape) >= p
        out = x * mask / (1 - p)
    else:
        out = x
    return out, (dropout_param, mask)


def dropout_backward(dout, cache):
    dropout_param, mask = cache
    p = dropout_param["p"]
    if dropout_param["mode"] == "train":
        dx = dout * mask / (1 - p)
    else:
        dx = dout
    return dx


def affine_dropout_forward(x, W, dropout_param):
    h = x @ W
    out, d_cache = dropout_forward(h, dropout_param)
    return out, (x, W, d_cache)


def affine_dropout_backward(dout, cache):
    x, W, d_cache = cache
    dh = dropout_backward(dout, d_cache)
    return dh @ W.T, x.T @ dh
