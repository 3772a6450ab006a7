import numpy as np
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt


class MLP:
    def __init__(self, n_inputs, n_hidden, n_outputs, lr=0.01, momentum=0.9, lam=0.0):
        self.lr = lr
        self.momentum = momentum
        self.lam = lam
        self.W1 = np.random.randn(n_hidden, n_inputs) / np.sqrt(n_inputs)
        self.b1 = np.zeros((n_hidden, 1))
        self.W2 = np.random.randn(n_outputs, n_hidden) / np.sqrt(n_hidden)
        self.b2 = np.zeros((n_outputs, 1))
        self.vW1 = np.zeros_like(self.W1)
        self.vb1 = np.zeros_like(self.b1)
        self.vW2 = np.zeros_like(self.W2)
        self.vb2 = np.zeros_like(self.b2)
        self.loss_history = []

    def forward(self, X):
        self.X = X
        self.Z1 = self.W1 @ X + self.b1
        self.A1 = np.maximum(0, self.Z1)
        Z2 = self.W2 @ self.A1 + self.b2
        Z2 -= Z2.max(axis=0)
        self.P = np.exp(Z2) / np.exp(Z2).sum(axis=0)
        return self.P

    def compute_loss(self, X, Y):
        P = self.forward(X)
        penalty = self.lam * (np.sum(self.W1 ** 2) + np.sum(self.W2 ** 2))
        return -np.sum(Y * np.log(P)) / X.shape[1] + penalty

    def backward(self, X, Y):
        n = X.shape[1]
        self.forward(X)
        dZ2 = (self.P - Y) / n
        self.dW2 = dZ2 @ self.A1.T + 2 * self.lam * self.W2
        self.db2 = dZ2.sum(axis=1, keepdims=True)
        dZ1 = self.W2.T @ dZ2 * (self.Z1 > 0)
        self.dW1 = dZ1 @ self.X.T + 2 * self.lam * self.W1
        self.db1 = dZ1.sum(axis=1, keepdims=True)

    def step(self):
        for name in ("W1", "b1", "W2", "b2"):
            v = self.momentum * getattr(self, "v" + name) - self.lr * getattr(self, "d" + name)
            setattr(self, "v" + name, v)
            setattr(self, name, getattr(self, name) + v)

    def fit(self, X, Y, epochs=10, batch_size=32):
        for _ in range(epochs):
            order = np.random.permutation(X.shape[1])
            for i in range(0, len(order), batch_size):
                pick = order[i:i + batch_size]
                self.backward(X[:, pick], Y[:, pick])
                self.step()
            self.loss_history.append(self.compute_loss(X, Y))
        plt.plot(self.loss_history)
