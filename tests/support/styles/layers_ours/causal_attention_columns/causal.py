import numpy as np


class CausalSelfAttention:
    # Tokens are columns: X is (C, T), Q = Wq X is (D, T), scores S = K^T Q,
    # and column j of A says where token j looks.
    def __init__(self, C, D, rng):
        self.D = D
        self.Wq = rng.normal(size=(D, C)) / np.sqrt(C)
        self.Wk = rng.normal(size=(D, C)) / np.sqrt(C)
        self.Wv = rng.normal(size=(D, C)) / np.sqrt(C)
        self.zero_grad()

    def zero_grad(self):
        self.dWq = np.zeros_like(self.Wq)
        self.dWk = np.zeros_like(self.Wk)
        self.dWv = np.zeros_like(self.Wv)

    def forward(self, X):
        T = X.shape[1]
        self.X = X
        self.Q = self.Wq @ X
        self.K = self.Wk @ X
        self.V = self.Wv @ X
        S = self.K.T @ self.Q / np.sqrt(self.D)
        # key i may be seen by query j only if i <= j
        S[np.tril(np.ones((T, T), dtype=bool), k=-1)] = -np.inf
        S -= S.max(axis=0)
        E = np.exp(S)
        self.A = E / E.sum(axis=0)
        return self.V @ self.A

    def backward(self, dY):
        dV = dY @ self.A.T
        dA = self.V.T @ dY
        dS = self.A * (dA - (self.A * dA).sum(axis=0))
        dS /= np.sqrt(self.D)
        dQ = self.K @ dS
        dK = self.Q @ dS.T

        self.dWq += dQ @ self.X.T
        self.dWk += dK @ self.X.T
        self.dWv += dV @ self.X.T
        return self.Wq.T @ dQ + self.Wk.T @ dK + self.Wv.T @ dV
