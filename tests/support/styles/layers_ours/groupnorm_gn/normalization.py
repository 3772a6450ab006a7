import numpy as np


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    """
    x: (N, C, H, W); gamma, beta: (1, C, 1, 1); G: number of groups, divides C.
    """
    eps = gn_param.get('eps', 1e-5)
    N, C, H, W = x.shape
    xg = x.reshape(N, G, C // G * H * W)
    mean = xg.mean(axis=2, keepdims=True)
    var = xg.var(axis=2, keepdims=True)
    inv = 1 / np.sqrt(var + eps)
    xhat = ((xg - mean) * inv).reshape(N, C, H, W)
    out = gamma * xhat + beta
    cache = (xhat, inv, gamma, G)
    return out, cache


def spatial_groupnorm_backward(dout, cache):
    xhat, inv, gamma, G = cache
    N, C, H, W = dout.shape

    dbeta = dout.sum(axis=(0, 2, 3), keepdims=True)
    dgamma = (dout * xhat).sum(axis=(0, 2, 3), keepdims=True)

    # back to groups
    size = C // G * H * W
    dxhat = (dout * gamma).reshape(N, G, size)
    xh = xhat.reshape(N, G, size)
    mean_d = dxhat.sum(axis=2, keepdims=True) / size
    mean_dx = (dxhat * xh).sum(axis=2, keepdims=True) / size
    dx = inv * (dxhat - mean_d - xh * mean_dx)
    return dx.reshape(N, C, H, W), dgamma, dbeta
