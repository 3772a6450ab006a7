from abc import ABC, abstractmethod
import numpy as np


class LinearModel(ABC):
    def __init__(self, n_features, n_classes, lam=0.1):
        self.W = np.random.randn(n_classes, n_features) * 0.01
        self.b = np.zeros((n_classes, 1))
        self.lam = lam

    def scores(self, X):
        return self.W @ X + self.b

    def cost(self, X, y):
        return self.data_loss(self.scores(X), y) + self.lam * np.sum(self.W ** 2)

    def gradient(self, X, y):
        G = self.error(self.scores(X), y) / X.shape[1]
        return G @ X.T + 2 * self.lam * self.W, G.sum(axis=1, keepdims=True)

    @abstractmethod
    def data_loss(self, S, y):
        ...

    @abstractmethod
    def error(self, S, y):
        ...


class SoftmaxClassifier(LinearModel):
    def probabilities(self, S):
        E = np.exp(S - S.max(axis=0))
        return E / E.sum(axis=0)

    def data_loss(self, S, y):
        return -np.log(self.probabilities(S)[y, np.arange(S.shape[1])]).mean()

    def error(self, S, y):
        G = self.probabilities(S)
        G[y, np.arange(S.shape[1])] -= 1
        return G
