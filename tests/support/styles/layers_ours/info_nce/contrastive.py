import numpy as np


def normalize(v):
    norm = np.sqrt((v * v).sum(axis=1, keepdims=True))
    return v / norm, norm


def normalize_backward(du, u, norm):
    return (du - u * (u * du).sum(axis=1, keepdims=True)) / norm


def clip_loss(img, txt, log_scale):
    """
    Symmetric InfoNCE: row i of img belongs to row i of txt.
    Returns loss, (dimg, dtxt, dlog_scale).
    """
    n = len(img)
    u, nu = normalize(img)
    v, nv = normalize(txt)
    cos = u @ v.T
    scale = np.exp(log_scale)
    logits = scale * cos

    e = np.exp(logits - logits.max())
    p_row = e / e.sum(axis=1, keepdims=True)      # image -> text
    p_col = e / e.sum(axis=0, keepdims=True)      # text -> image
    d = np.arange(n)
    loss = -0.5 * (np.log(p_row[d, d]).mean() + np.log(p_col[d, d]).mean())

    dlogits = 0.5 * (p_row + p_col) / n
    dlogits[d, d] -= 1.0 / n
    dlog_scale = np.sum(dlogits * logits)
    dcos = scale * dlogits
    dimg = normalize_backward(dcos @ v, u, nu)
    dtxt = normalize_backward(dcos.T @ u, v, nv)
    return loss, (dimg, dtxt, dlog_scale)


def pair_margin_loss(a, b, same, margin=1.0):
    """same * d^2 + (1 - same) * max(0, margin - d)^2, d = |a - b|, mean / 2."""
    n = len(a)
    diff = a - b
    dist = np.sqrt((diff ** 2).sum(axis=1))
    gap = np.maximum(0, margin - dist)
    loss = (same * dist ** 2 + (1 - same) * gap ** 2).sum() / (2 * n)
    ddist = (same * dist - (1 - same) * gap) / n
    da = diff * (ddist / dist)[:, None]
    return loss, da, -da
