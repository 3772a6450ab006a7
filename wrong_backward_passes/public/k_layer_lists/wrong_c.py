# k-lagersnät med batchnormalisering
import numpy as np


def Framåt(X, W, b, gamma, beta):
    k = len(W)
    H, S, Shat, V = [X], [], [], []
    for i in range(k - 1):
        s = W[i] @ H[-1] + b[i]
        mu = s.mean(axis=1, keepdims=True)
        v = s.var(axis=1, keepdims=True)
        shat = (s - mu) / np.sqrt(v + 1e-8)
        S.append(s)
        Shat.append(shat)
        V.append(v)
        H.append(np.maximum(0, gamma[i] * shat + beta[i]))
    s = W[-1] @ H[-1] + b[-1]
    P = np.exp(s - s.max(axis=0))
    return P / P.sum(axis=0), H, S, Shat, V


def ComputeCost(X, Y, W, b, gamma, beta, lam):
    P = Framåt(X, W, b, gamma, beta)[0]
    return -np.sum(Y * np.log(P)) / X.shape[1] + lam * sum(np.sum(w ** 2) for w in W)


def BatchNormBak(G, s, v):
    n = s.shape[1]
    sigma1 = (v + 1e-8) ** -0.5
    sigma2 = (v + 1e-8) ** -1.5
    D = s - s.mean(axis=1, keepdims=True)
    c = np.sum(G * sigma2 * D, axis=1, keepdims=True)
    G1 = G * sigma1
    return G1 - G1.sum(axis=1, keepdims=True) / n - D * c / n


def ComputeGradients(X, Y, W, b, gamma, beta, lam):
    n = X.shape[1]
    k = len(W)
    P, H, S, Shat, V = Framåt(X, W, b, gamma, beta)
    dW, db = [None] * k, [None] * k
    dgamma, dbeta = [None] * (k - 1), [None] * (k - 1)
    G = Y - P
    for i in range(k - 1, -1, -1):
        dW[i] = G @ H[i].T / n + 2 * lam * W[i]
        db[i] = G.sum(axis=1, keepdims=True) / n
        if i > 0:
            G = W[i].T @ G
            G = G * (H[i] > 0)
            dgamma[i - 1] = np.sum(G * Shat[i - 1], axis=1, keepdims=True) / n
            dbeta[i - 1] = np.sum(G, axis=1, keepdims=True) / n
            G = G * gamma[i - 1]
            G = BatchNormBak(G, S[i - 1], V[i - 1])
    return dW, db, dgamma, dbeta
