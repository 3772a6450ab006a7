import numpy as np


def bilinear(a, b, T, U, V, c):
    """
    y[n, k] = tanh( a[n] . T[k] . b[n] + a[n] . U[:, k] + b[n] . V[:, k] + c[k] )
    a (N, P), b (N, Q), T (K, P, Q), U (P, K), V (Q, K), c (K,)
    """
    N, K = len(a), len(T)
    y = a @ U + b @ V + c
    for k in range(K):
        y[:, k] += np.sum((a @ T[k]) * b, axis=1)
    return np.tanh(y)


def bilinear_vjp(dy, a, b, T, U, V, c):
    y = bilinear(a, b, T, U, V, c)
    dz = dy * (1.0 - y * y)

    da = dz @ U.T
    db = dz @ V.T
    dT = np.zeros_like(T)
    for k in range(len(T)):
        w = dz[:, k:k + 1]
        da += w * (b @ T[k].T)
        db += w * (a @ T[k])
        dT[k] = (w * a).T @ b
    dU = a.T @ dz
    dV = b.T @ dz
    dc = dz.sum(0)
    return da, db, dT, dU, dV, dc
