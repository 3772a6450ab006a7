# Teckenbaserad språkmodell, X och Y är (K, tau)
import numpy as np


class RNN:
    def __init__(self, K, m, sig=0.3, frö=400):
        slump = np.random.default_rng(frö)
        self.b = np.zeros((m, 1))
        self.c = np.zeros((K, 1))
        self.U = sig * slump.standard_normal((m, K))
        self.W = sig * slump.standard_normal((m, m))
        self.V = sig * slump.standard_normal((K, m))

    def framåt(self, X, h0):
        tau = X.shape[1]
        H = np.zeros((h0.shape[0], tau + 1))
        H[:, [0]] = h0
        A = np.zeros((h0.shape[0], tau))
        P = np.zeros((self.c.shape[0], tau))
        for t in range(tau):
            A[:, [t]] = self.W @ H[:, [t]] + self.U @ X[:, [t]] + self.b
            H[:, [t + 1]] = np.tanh(A[:, [t]])
            o = self.V @ H[:, [t + 1]] + self.c
            e = np.exp(o - o.max())
            P[:, [t]] = e / e.sum()
        return H, A, P

    def kostnad(self, X, Y, h0):
        P = self.framåt(X, h0)[2]
        return -np.log((Y * P).sum(axis=0)).mean()

    def gradienter(self, X, Y, h0):
        H, A, P = self.framåt(X, h0)
        tau = X.shape[1]
        G = (P - Y) / tau
        grad = {"V": G @ H[:, 1:].T, "c": G.sum(axis=1, keepdims=True)}
        dA = np.zeros_like(A)
        for t in range(tau - 1, -1, -1):
            dh = self.V.T @ G[:, t]
            if t < tau - 1:
                dh += self.W.T @ dA[:, t]
            dA[:, t] = dh * (1 - np.tanh(A[:, t]) ** 2)
        grad["W"] = dA @ H[:, :-1].T
        grad["U"] = dA @ X.T
        grad["b"] = dA.sum(axis=1, keepdims=True)
        return grad
