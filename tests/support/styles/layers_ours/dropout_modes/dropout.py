import numpy as np


def dropout_forward(x, dropout_param):
    """
    Inverted dropout. dropout_param: p (probability to KEEP a unit), mode
    ('train' or 'test') and seed, if the mask shall be reproducible.
    """
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])

    mask = None
    if mode == "train":
        mask = np.random.rand(*x.shape) < p
        out = x * mask / p
    else:
        out = x
    return out, (dropout_param, mask)


def dropout_backward(dout, cache):
    dropout_param, mask = cache
    if dropout_param["mode"] == "train":
        dx = dout * mask / dropout_param["p"]
    else:
        dx = dout
    return dx


def hidden_forward(x, w, b, dropout_param):
    """affine -> tanh -> dropout"""
    h = np.tanh(x @ w + b)
    out, drop_cache = dropout_forward(h, dropout_param)
    return out, (x, w, h, drop_cache)


def hidden_backward(dout, cache):
    x, w, h, drop_cache = cache
    dh = dropout_backward(dout, drop_cache)
    da = dh * (1 - h ** 2)
    return da @ w.T, x.T @ da, da.sum(axis=0)
