import numpy as np


def group_norm(x, gamma, beta, G, eps=1e-5):
    N, C, H, W = x.shape
    xg = x.reshape(N, G, C // G, H, W)
    mu = xg.mean(axis=(2, 3, 4), keepdims=True)
    var = xg.var(axis=(2, 3, 4), keepdims=True)
    std = np.sqrt(var + eps)
    xhat = ((xg - mu) / std).reshape(N, C, H, W)
    out = gamma[None, :, None, None] * xhat + beta[None, :, None, None]
    return out, (xhat, std, gamma, G)


def group_norm_grad(dout, cache):
    xhat, std, gamma, G = cache
    N, C, H, W = dout.shape
    m = C // G * H * W                      # number of entries in a group

    dgamma = (dout * xhat).sum(axis=(0, 2, 3))
    dbeta = dout.sum(axis=(0, 2, 3))

    dxhat = (dout * gamma[None, :, None, None]).reshape(N, G, C // G, H, W)
    xh = xhat.reshape(N, G, C // G, H, W)
    ax = (2, 3, 4)
    t1 = dxhat.sum(axis=ax, keepdims=True)
    t2 = (dxhat * xh).sum(axis=ax, keepdims=True)
    dx = (dxhat - (t1 + xh * t2) / m) / std
    return {"x": dx.reshape(N, C, H, W), "gamma": dgamma, "beta": dbeta}
