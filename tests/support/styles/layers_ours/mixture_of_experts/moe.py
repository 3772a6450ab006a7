import numpy as np


class SoftMoE:
    """y_n = sum_e gate_ne (x_n We_e + b_e) with gate = softmax(x Wg).

    self.aux = lam * E * sum_e (mean_n gate_ne)^2 keeps the experts in balance;
    backward(dy) takes the gradient of (what dy came from) + aux.
    """

    def __init__(self, D, M, E, rng, lam=0.5):
        self.Wg = rng.normal(size=(D, E)) * 0.1
        self.We = rng.normal(size=(E, D, M)) / np.sqrt(D)
        self.b = np.zeros((E, M))
        self.lam = lam

    def forward(self, x):
        N, E = len(x), len(self.b)
        logits = x @ self.Wg
        gate = np.exp(logits - logits.max(axis=1, keepdims=True))
        gate = gate / gate.sum(axis=1, keepdims=True)
        expert = np.einsum("nd,edm->nem", x, self.We) + self.b
        usage = gate.mean(axis=0)
        self.aux = self.lam * E * np.sum(usage ** 2)
        self.cache = (x, gate, expert, usage)
        return np.einsum("ne,nem->nm", gate, expert)

    def backward(self, dy):
        x, gate, expert, usage = self.cache
        N, E = gate.shape
        dexpert = np.einsum("ne,nm->nem", gate, dy)
        dgate = np.einsum("nm,nem->ne", dy, expert)
        dgate += 2 * self.lam * E * usage / N

        dlogits = gate * (dgate - np.sum(gate * dgate, axis=1, keepdims=True))

        self.dWg = x.T @ dlogits
        self.dWe = np.einsum("nd,nem->edm", x, dexpert)
        self.db = dexpert.sum(axis=0)
        return dlogits @ self.Wg.T + np.einsum("nem,edm->nd", dexpert, self.We)
