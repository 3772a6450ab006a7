# -*- coding: utf-8 -*-
"""
Laboration 1, maskininlärning HT22
Klassificering av svampar med ett tvålagersnät
Elin A. & Johan B., grupp 14

Varje KOLUMN i X är ett exempel.
"""
import numpy as np
import matplotlib.pyplot as plt


def las_in(filnamn):
    radata = np.loadtxt(filnamn, delimiter=";", skiprows=1)
    X = radata[:, :-1].T
    y = radata[:, -1].astype(int)
    return X, y


def ett_av_K(y, K):
    Y = np.zeros((K, y.size))
    Y[y, np.arange(y.size)] = 1
    return Y


def initiera(d, m, K, fro=17):
    slump = np.random.RandomState(fro)
    W = [slump.randn(m, d) / np.sqrt(d), slump.randn(K, m) / np.sqrt(m)]
    b = [np.zeros((m, 1)), np.zeros((K, 1))]
    return W, b


def softmax(S):
    S = S - S.max(axis=0, keepdims=True)
    E = np.exp(S)
    return E / E.sum(axis=0, keepdims=True)


def framat(X, W, b):
    """ger sannolikheter P och gömda lagret H"""
    H = np.maximum(0, W[0] @ X + b[0])
    P = softmax(W[1] @ H + b[1])
    return P, H


def kostnad(X, Y, W, b, lam):
    n = X.shape[1]
    P, _ = framat(X, W, b)
    korsentropi = -np.log(np.sum(Y * P, axis=0))
    straff = lam * sum(np.sum(Wi ** 2) for Wi in W)
    return np.sum(korsentropi) / n + straff


def berakna_gradienter(X, Y, W, b, lam):
    n = X.shape[1]
    P, H = framat(X, W, b)

    G = -(Y - P)
    gradW2 = G @ H.T / n + 2 * lam * W[1]
    gradb2 = G.sum(axis=1, keepdims=True) / n

    G = W[1].T @ G
    G = G * (H > 0)          # relu släpper bara igenom där H är positiv
    gradW1 = G @ X.T / n + 2 * lam * W[0]
    gradb1 = G.sum(axis=1, keepdims=True) / n

    return [gradW1, gradW2], [gradb1, gradb2]


def traffsakerhet(X, y, W, b):
    P, _ = framat(X, W, b)
    return np.mean(P.argmax(axis=0) == y)


def trana(X, Y, W, b, lam, eta=0.02, epoker=40, batch=50):
    n = X.shape[1]
    historik = []
    for epok in range(epoker):
        ordning = np.random.permutation(n)
        for start in range(0, n, batch):
            valda = ordning[start:start + batch]
            gW, gb = berakna_gradienter(X[:, valda], Y[:, valda], W, b, lam)
            for i in range(len(W)):
                W[i] = W[i] - eta * gW[i]
                b[i] = b[i] - eta * gb[i]
        historik.append(kostnad(X, Y, W, b, lam))
        print("epok %2d  kostnad %.4f" % (epok + 1, historik[-1]))
    return W, b, historik


# ---------------- själva körningen ----------------
Xtr, ytr = las_in("svampar_traning.csv")
Xva, yva = las_in("svampar_validering.csv")
medel, std = Xtr.mean(axis=1, keepdims=True), Xtr.std(axis=1, keepdims=True)
Xtr, Xva = (Xtr - medel) / std, (Xva - medel) / std

antal_klasser = ytr.max() + 1
W, b = initiera(Xtr.shape[0], 30, antal_klasser)
W, b, historik = trana(Xtr, ett_av_K(ytr, antal_klasser), W, b, lam=0.001)

print("validering:", traffsakerhet(Xva, yva, W, b))
plt.plot(historik)
plt.xlabel("epok")
plt.ylabel("kostnad")
plt.title("Träningskostnad")
plt.savefig("kostnad.png")
