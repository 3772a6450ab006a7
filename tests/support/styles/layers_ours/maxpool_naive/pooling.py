import numpy as np


def max_pool_forward(x, pool_param):
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    oh = (H - ph) // s + 1
    ow = (W - pw) // s + 1
    out = np.empty((N, C, oh, ow))
    for r in range(oh):
        for c in range(ow):
            out[:, :, r, c] = x[:, :, r * s:r * s + ph, c * s:c * s + pw].max(axis=(2, 3))
    return out, (x, pool_param)


def max_pool_backward(dout, cache):
    x, pool_param = cache
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, oh, ow = dout.shape
    dx = np.zeros_like(x)
    for r in range(oh):
        for c in range(ow):
            win = x[:, :, r * s:r * s + ph, c * s:c * s + pw]
            m = win.max(axis=(2, 3), keepdims=True)
            mask = (win == m)
            dx[:, :, r * s:r * s + ph, c * s:c * s + pw] += mask * dout[:, :, r, c][:, :, None, None]
    return dx
