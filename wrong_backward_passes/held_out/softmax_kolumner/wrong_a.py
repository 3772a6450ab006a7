# Uppgift 1: en enlagersklassificerare med softmax.
# Varje kolumn i X är en bild, Y är one-hot.
import numpy as np


def EvaluateClassifier(X, W, b):
    s = W @ X + b
    s = s - np.max(s, axis=0, keepdims=True)
    P = np.exp(s)
    return P / np.sum(P, axis=0, keepdims=True)


def ComputeCost(X, Y, W, b, lam):
    P = EvaluateClassifier(X, W, b)
    korsentropi = -np.sum(Y * np.log(P)) / X.shape[1]
    return korsentropi + lam * np.sum(W ** 2)


def ComputeGradients(X, Y, W, b, lam):
    n = X.shape[1]
    P = EvaluateClassifier(X, W, b)
    G = P - Y
    # medelvärdet över alla bilder i minibatchen
    grad_W = (G @ X.T + 2 * lam * W) / n
    grad_b = np.sum(G, axis=1, keepdims=True) / n
    return grad_W, grad_b


def MiniBatchGD(X, Y, GDparams, W, b, lam):
    for epok in range(GDparams["n_epochs"]):
        for j in range(X.shape[1] // GDparams["n_batch"]):
            inds = slice(j * GDparams["n_batch"], (j + 1) * GDparams["n_batch"])
            grad_W, grad_b = ComputeGradients(X[:, inds], Y[:, inds], W, b, lam)
            W = W - GDparams["eta"] * grad_W
            b = b - GDparams["eta"] * grad_b
    return W, b
