import numpy as np
import time


class Classifier:
    def __init__(self, n_features, n_classes, reg_strength=0.1, verbose=True):
        self.reg_strength = reg_strength
        self.verbose = verbose
        self.started = time.time()
        self.W = np.random.normal(0, 0.01, (n_classes, n_features))
        self.b = np.random.normal(0, 0.01, (n_classes, 1))
        self.grad_W = None
        self.grad_b = None
        self.P = None

    def evaluate(self, X):
        s = self.W @ X + self.b
        self.P = np.exp(s) / np.ones((1, s.shape[0])).dot(np.exp(s))

    def compute_cost(self, X, Y):
        self.evaluate(X)
        cross = -np.log(np.diag(Y.T @ self.P))
        return np.average(cross) + self.reg_strength * np.sum(np.power(self.W, 2))

    def compute_gradients(self, X, Y):
        # P is that of the last evaluate()
        G = self.P - Y
        self.grad_W = G @ X.T / X.shape[1] + 2 * self.reg_strength * self.W
        self.grad_b = np.mean(G, axis=1, keepdims=True)

    def fit(self, X, Y, eta=0.01, epochs=10):
        for e in range(epochs):
            self.evaluate(X)
            self.compute_gradients(X, Y)
            self.W -= eta * self.grad_W
            self.b -= eta * self.grad_b
            if self.verbose:
                print(e, self.compute_cost(X, Y), time.time() - self.started)
