"""Focal loss of a linear classifier, several classes, weights for the classes."""
import numpy as np


class FocalLoss:
    def __init__(self, gamma=2.0, alpha=None):
        self.gamma, self.alpha = gamma, alpha

    def forward(self, logits, labels):
        z = logits - logits.max(axis=1, keepdims=True)
        e = np.exp(z)
        self.p = e / e.sum(axis=1, keepdims=True)
        self.labels = labels
        self.rows = np.arange(len(labels))
        self.pt = self.p[self.rows, labels]
        self.at = np.ones(len(labels)) if self.alpha is None else self.alpha[labels]
        return np.mean(-self.at * (1 - self.pt) ** self.gamma * np.log(self.pt))

    def backward(self):
        g = self.gamma
        dpt = self.at * (g * (1 - self.pt) ** (g - 1) * np.log(self.pt) - (1 - self.pt) ** g / self.pt)
        dpt = dpt / len(self.pt)
        onehot = np.zeros_like(self.p)
        onehot[self.rows, self.labels] = 1
        return (dpt * self.pt)[:, None] * (onehot - self.p)
