import numpy as np


def cbow_cost(V, U, contexts, centers):
    """V, U (vocab, dim); contexts (B, 2m), centers (B,)"""
    h = V[contexts].mean(axis=1)
    scores = h @ U.T
    scores -= scores.max(axis=1, keepdims=True)
    logp = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return -logp[np.arange(len(centers)), centers].sum()


def cbow_grads(V, U, contexts, centers):
    h = V[contexts].mean(axis=1)
    scores = h @ U.T
    scores -= scores.max(axis=1, keepdims=True)
    p = np.exp(scores)
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(centers)), centers] -= 1.0
    dU = p.T @ h
    dh = p @ U
    dV = np.zeros_like(V)
    for b in range(len(centers)):
        for w in set(contexts[b]):
            dV[w] += dh[b] / contexts.shape[1]
    return dV, dU
