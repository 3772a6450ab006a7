import numpy as np


def l2_normalize(z):
    return z / np.linalg.norm(z, axis=1, keepdims=True)


def l2_normalize_grad(dy, z):
    norm = np.linalg.norm(z, axis=1, keepdims=True)
    y = z / norm
    return (dy - y * np.sum(dy * y, axis=1, keepdims=True)) / norm


def triplet_loss(anchor, positive, negative, margin=0.2):
    """mean(max(0, |a - p|^2 - |a - n|^2 + margin)), rows are embeddings"""
    N = anchor.shape[0]
    diff_p = anchor - positive
    diff_n = anchor - negative
    dist = np.sum(diff_p ** 2, axis=1) - np.sum(diff_n ** 2, axis=1) + margin
    loss = np.maximum(dist, 0).mean()

    active = (dist > 0).astype(float)[:, None] / N
    grads = {
        "anchor": 2 * active * (diff_p - diff_n),
        "positive": -2 * active * diff_p,
        "negative": 2 * active * diff_n,
    }
    return loss, grads


def contrastive_loss(u, v, same, margin=1.0):
    """Hadsell style: d^2 for equal pairs, max(0, margin - d)^2 for the others."""
    N = len(u)
    diff = u - v
    d = np.sqrt((diff ** 2).sum(axis=1))
    hinge = np.maximum(0, margin - d)
    loss = np.sum(same * d ** 2 + (1 - same) * hinge ** 2) / (2 * N)

    # dL/dd, then d(d)/du = diff / d
    dd = (same * d - (1 - same) * hinge) / N
    du = (dd / d)[:, None] * diff
    return loss, du, -du
