import numpy as np


def cosine_matrix(a, b, eps=1e-8):
    """C[i, j] = a_i . b_j / (|a_i| |b_j|)"""
    na = np.sqrt(np.sum(a ** 2, axis=1, keepdims=True)) + eps    # (I, 1)
    nb = np.sqrt(np.sum(b ** 2, axis=1, keepdims=True)) + eps    # (J, 1)
    C = (a @ b.T) / (na * nb.T)
    return C, (a, b, na, nb, C)


def cosine_matrix_backward(dC, cache):
    a, b, na, nb, C = cache
    # dC_ij/da_i = b_j / (|a||b|) - C_ij a_i / |a|^2
    da = (dC / nb.T) @ b / na - a * np.sum(dC * C, axis=1, keepdims=True) / na ** 2
    db = (dC / na).T @ a / nb - b * np.sum(dC * C, axis=0)[:, None] / nb ** 2
    return da, db


def retrieval_loss(queries, keys, labels, tau=0.2):
    """Each query should find its key: mean cross entropy of softmax(C / tau)."""
    n = len(queries)
    C, cache = cosine_matrix(queries, keys)
    logits = C / tau
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(p[np.arange(n), labels]))

    dlogits = p
    dlogits[np.arange(n), labels] -= 1
    dC = dlogits / (n * tau)
    dqueries, dkeys = cosine_matrix_backward(dC, cache)
    return loss, dqueries, dkeys
