"""Two layers as an object: parameters are attributes, the gradients are stored beside them."""

import numpy as np


class TwoLayerNet:
    def __init__(self, W1, b1, W2, b2, lam):
        self.W1 = W1
        self.b1 = b1
        self.W2 = W2
        self.b2 = b2
        self.lam = lam

    def forward(self, X):
        S1 = self.W1 @ X + self.b1
        H = np.maximum(S1, 0)
        S = self.W2 @ H + self.b2
        expS = np.exp(S - S.max(axis=0))
        P = expS / expS.sum(axis=0)
        return S1, H, P

    def cost(self, X, Y):
        _, _, P = self.forward(X)
        l_cross = -np.log((Y * P).sum(axis=0))
        reg = self.lam * ((self.W1**2).sum() + (self.W2**2).sum())
        return l_cross.mean() + reg

    def compute_gradients(self, X, Y):
        n = X.shape[1]
        S1, H, P = self.forward(X)

        G = P - Y
        self.grad_W2 = (G @ H.T) / n + 2 * self.lam * self.W2
        self.grad_b2 = (G @ np.ones((n, 1))) / n

        G = self.W2.T @ G
        G = G * (S1 > 0)
        self.grad_W1 = (G @ X.T) / n + 2 * self.lam * self.W1
        self.grad_b1 = (G @ np.ones((n, 1))) / n


def build(net):
    model = TwoLayerNet(net.W[0], net.b[0][:, None], net.W[1], net.b[1][:, None], net.shape.l2)
    return {
        "cost": model.cost,
        "gradient": model.compute_gradients,
        "parameters": model,
        "data": (net.X.T, net.Y.T),
    }
