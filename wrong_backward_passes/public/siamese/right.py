import numpy as np


def embed(x, W, b):
    return np.tanh(x @ W + b)


def contrastive_loss(W, b, left, right, same, margin=1.5):
    """same (N,): 1 for pairs of one class, 0 for others"""
    d = embed(left, W, b) - embed(right, W, b)
    sq = np.sum(d ** 2, axis=1)
    dist = np.sqrt(sq)
    return np.mean(same * sq + (1 - same) * np.maximum(margin - dist, 0) ** 2)


def contrastive_grads(W, b, left, right, same, margin=1.5):
    n = len(same)
    el, er = embed(left, W, b), embed(right, W, b)
    d = el - er
    dist = np.sqrt(np.sum(d ** 2, axis=1))
    push = -2 * (1 - same) * np.maximum(margin - dist, 0) / dist
    dd = (2 * same + push)[:, None] * d / n
    dl = dd * (1 - el ** 2)
    dr = -dd * (1 - er ** 2)
    dW = left.T @ dl + right.T @ dr
    db = dl.sum(axis=0) + dr.sum(axis=0)
    return dW, db
