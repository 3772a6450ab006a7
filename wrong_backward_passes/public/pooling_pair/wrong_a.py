import numpy as np


def max_pool(x):
    """2x2 windows, stride 2. x (N, C, H, W) with even H and W."""
    n, c, h, w = x.shape
    split = x.reshape(n, c, h // 2, 2, w // 2, 2)
    out = split.max(axis=(3, 5))
    return out, (split, out)


def max_pool_backward(dout, cache):
    split, out = cache
    chosen = split == out[:, :, :, None, :, None]
    dsplit = chosen * dout.swapaxes(2, 3)[:, :, :, None, :, None]
    n, c, h2, _, w2, _ = split.shape
    return dsplit.reshape(n, c, 2 * h2, 2 * w2)
