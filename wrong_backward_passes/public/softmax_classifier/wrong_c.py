import numpy as np


def softmax_loss(W, b, X, y, reg=1e-2):
    """
    Linear softmax classifier.

    W (D, C), b (C,), X (N, D), y (N,) integer labels
    returns loss, dW, db
    """
    N = X.shape[0]
    scores = X @ W + b
    scores -= np.max(scores, axis=1, keepdims=True)
    probs = np.exp(scores)
    probs /= np.sum(probs, axis=1, keepdims=True)
    loss = -np.sum(np.log(probs[np.arange(N), y])) / N + reg * np.sum(W * W)

    dscores = probs.copy()
    dscores[np.arange(N), y] += 1
    dscores /= N
    dW = X.T @ dscores
    db = np.sum(dscores, axis=0)
    return loss, dW, db
