import numpy as np


def loss_and_grads(params, tokens, labels, reg=0.05):
    """Mean embedding -> tanh -> softmax classifier.

    tokens: (N, T) int array, labels: (N,) int array.
    """
    emb, W, b = params["emb"], params["W"], params["b"]
    N, T = tokens.shape

    # ---- forward
    vec = emb[tokens].mean(axis=1)            # (N, D)
    h = np.tanh(vec)
    scores = h.dot(W) + b
    scores = scores - scores.max(axis=1, keepdims=True)
    probs = np.exp(scores)
    probs /= probs.sum(axis=1, keepdims=True)
    nll = -np.log(probs[np.arange(N), labels])
    loss = nll.mean() + 0.5 * reg * np.sum(W * W)

    # ---- backward
    dscores = probs.copy()
    dscores[np.arange(N), labels] -= 1
    dscores /= N
    grads = {}
    grads["W"] = h.T.dot(dscores) + reg * W
    grads["b"] = dscores.sum(axis=0)
    dh = dscores.dot(W.T)
    dvec = dh * (1 - h ** 2)
    dtok = np.repeat(dvec[:, None, :] / T, T, axis=1)     # (N, T, D)
    demb = np.zeros_like(emb)
    np.add.at(demb, tokens.ravel(), dtok.reshape(N * T, -1))
    grads["emb"] = demb
    return loss, grads
