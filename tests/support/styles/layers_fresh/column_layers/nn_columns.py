# One dense layer with a choice of activation.  A = g(W X + b)
# X: (n_in, m)  -- one sample per COLUMN
import numpy as np

ALPHA = 0.7
SLOPE = 0.1


def softplus(z):
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def d_softplus(z):
    return 1.0 / (1.0 + np.exp(-z))


def elu(z):
    return np.where(z > 0, z, ALPHA * (np.exp(z) - 1))


def d_elu(z):
    return np.where(z > 0, 1.0, elu(z) + ALPHA)


def leaky(z):
    return np.where(z > 0, z, SLOPE * z)


def d_leaky(z):
    return np.where(z > 0, 1.0, SLOPE)


ACT = {"softplus": (softplus, d_softplus), "elu": (elu, d_elu), "leaky": (leaky, d_leaky)}


def layer_fwd(X, W, b, act="elu"):
    g, _ = ACT[act]
    return g(W @ X + b)


def layer_bwd(dA, X, W, b, act="elu"):
    _, dg = ACT[act]
    Z = W @ X + b
    dZ = dA * dg(Z)
    dW = dZ @ X.T
    db = dZ.sum(axis=1, keepdims=True)
    dX = W.T @ dZ
    return dX, dW, db
