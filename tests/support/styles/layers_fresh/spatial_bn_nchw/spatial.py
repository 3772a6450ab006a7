import numpy as np

EPS = 1e-6

def bn_fwd(x, gamma, beta):
    m = x.mean(axis=0)
    v = x.var(axis=0)
    istd = (v + EPS) ** -0.5
    xh = (x - m) * istd
    return gamma * xh + beta, (xh, istd, gamma)

def bn_bwd(dy, cache):
    xh, istd, gamma = cache
    dgamma = np.einsum('nd,nd->d', dy, xh)
    dbeta = np.einsum('nd->d', dy)
    dxh = dy * gamma
    dx = istd * (dxh - dxh.mean(axis=0) - xh * (dxh * xh).mean(axis=0))
    return dx, dgamma, dbeta

def spatial_bn_fwd(x, gamma, beta):
    N, C, H, W = x.shape
    flat = x.transpose(0, 2, 3, 1).reshape(-1, C)
    y, cache = bn_fwd(flat, gamma, beta)
    y = y.reshape(N, H, W, C).transpose(0, 3, 1, 2)
    return y, cache

def spatial_bn_bwd(dy, cache):
    N, C, H, W = dy.shape
    dflat = dy.transpose(0, 2, 3, 1).reshape(-1, C)
    dx, dgamma, dbeta = bn_bwd(dflat, cache)
    dx = dx.reshape(N, H, W, C).transpose(0, 3, 1, 2)
    return dx, dgamma, dbeta
