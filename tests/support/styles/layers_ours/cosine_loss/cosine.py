import numpy as np


def cosine_embedding_loss(a, b, target, margin=0.1):
    """Mean over rows: 1 - cos for target 1, max(0, cos - margin) for target -1."""
    na = np.sqrt((a ** 2).sum(axis=1))
    nb = np.sqrt((b ** 2).sum(axis=1))
    cos = (a * b).sum(axis=1) / (na * nb)
    per_row = np.where(target > 0, 1 - cos, np.maximum(0, cos - margin))
    return per_row.mean(), (a, b, na, nb, cos, target, margin)


def cosine_embedding_loss_backward(cache):
    a, b, na, nb, cos, target, margin = cache
    n = a.shape[0]
    dcos = np.where(target > 0, -1.0, (cos > margin).astype(float)) / n
    ua = a / na[:, None]
    ub = b / nb[:, None]
    da = dcos[:, None] * (ub - cos[:, None] * ua) / na[:, None]
    db = dcos[:, None] * (ua - cos[:, None] * ub) / nb[:, None]
    return da, db
