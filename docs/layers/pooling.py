"""Pooling

Only the largest entry of each window has a part in the output, so that it gets all of the gradient and the others
nothing. It is spread over the whole window as if the mean had been taken (`mask-missing`), or the mask is held against
the wrong window (`mask-wrong`).
"""

import numpy as np


def max_pool_forward(x, size=2):
    N, C, H, W = x.shape
    windows = x.reshape(N, C, H // size, size, W // size, size)
    out = windows.max(axis=(3, 5))
    return out, (x, out, size)


def max_pool_backward(dout, cache):
    x, out, size = cache
    N, C, H, W = x.shape
    spread = np.repeat(np.repeat(dout, size, axis=2), size, axis=3)
    return spread / size**2
