import numpy as np


def forward_loss(params, ids, lengths, labels):
    """Attention-pooled sentence classifier. ids (N, T) padded with zeros; labels in {0, 1}."""
    x = params["emb"][ids]
    u = np.tanh(x @ params["A"])
    score = u @ params["v"]
    mask = np.arange(ids.shape[1])[None, :] < lengths[:, None]
    score = np.where(mask, score, -np.inf)
    e = np.exp(score - score.max(axis=1, keepdims=True))
    alpha = e / e.sum(axis=1, keepdims=True)
    pooled = (alpha[:, :, None] * x).sum(axis=1)
    logit = pooled @ params["w"] + params["b"]
    prob = 1 / (1 + np.exp(-logit))
    loss = -np.mean(labels * np.log(prob) + (1 - labels) * np.log(1 - prob))
    return loss, (ids, x, u, alpha, pooled, prob)


def backward_pass(params, labels, cache):
    ids, x, u, alpha, pooled, prob = cache
    grads = {}
    dlogit = (prob - labels) / len(labels)
    grads["w"] = pooled.T @ dlogit
    grads["b"] = dlogit.sum()
    dpooled = np.outer(dlogit, params["w"])
    dalpha = (x * dpooled[:, None, :]).sum(axis=2)
    dx = np.zeros_like(x)
    dscore = alpha * (dalpha - (alpha * dalpha).sum(axis=1, keepdims=True))
    grads["v"] = (u * dscore[:, :, None]).sum(axis=(0, 1))
    du = dscore[:, :, None] * params["v"]
    dpre = du * (1 - u ** 2)
    grads["A"] = np.einsum("ntd,nth->dh", x, dpre)
    dx += dpre @ params["A"].T
    grads["emb"] = np.zeros_like(params["emb"])
    np.add.at(grads["emb"], ids, dx)
    return grads
