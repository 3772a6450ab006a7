import numpy as np


def weighting(X, x_max=10.0, alpha=0.75):
    return np.minimum(1.0, (X / x_max) ** alpha)


def glove_cost(W, C, bw, bc, X):
    """W, C: (V, D) word and context vectors; bw, bc: (V,); X: (V, V) counts."""
    seen = X > 0
    diff = np.where(seen, W @ C.T + bw[:, None] + bc[None, :] - np.log(np.where(seen, X, 1)), 0)
    return 0.5 * np.sum(weighting(X) * diff ** 2)


def glove_gradient(W, C, bw, bc, X):
    seen = X > 0
    diff = np.where(seen, W @ C.T + bw[:, None] + bc[None, :] - np.log(np.where(seen, X, 1)), 0)
    fdiff = weighting(X) * diff
    dW = fdiff @ C
    dC = fdiff.T @ W
    dbw = fdiff.sum(axis=1)
    dbc = fdiff.sum(axis=1)
    return dW, dC, dbw, dbc
