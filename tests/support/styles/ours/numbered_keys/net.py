import numpy as np


class LayeredNet:
    """Layer l of 1..L has its weights in self.W[l], its biases in self.b[l]."""

    def __init__(self, layer_dims, reg=0.01):
        self.L = len(layer_dims) - 1
        self.reg = reg
        self.W = {}
        self.b = {}
        for l in range(1, self.L + 1):
            self.W[l] = np.random.randn(layer_dims[l], layer_dims[l - 1]) * np.sqrt(2 / layer_dims[l - 1])
            self.b[l] = np.zeros((layer_dims[l], 1))

    def forward(self, X):
        A = {0: X}
        Z = {}
        for l in range(1, self.L + 1):
            Z[l] = self.W[l].dot(A[l - 1]) + self.b[l]
            A[l] = np.where(Z[l] > 0, Z[l], 0.1 * Z[l]) if l < self.L else self.softmax(Z[l])
        return A, Z

    @staticmethod
    def softmax(Z):
        e = np.exp(Z - Z.max(axis=0, keepdims=True))
        return e / e.sum(axis=0, keepdims=True)

    def compute_cost(self, X, Y):
        A, _ = self.forward(X)
        m = X.shape[1]
        penalty = sum(np.sum(np.square(self.W[l])) for l in range(1, self.L + 1))
        return -np.sum(Y * np.log(A[self.L])) / m + self.reg / (2 * m) * penalty

    def compute_gradients(self, X, Y):
        A, Z = self.forward(X)
        m = X.shape[1]
        dW, db = {}, {}
        dZ = A[self.L] - Y
        for l in range(self.L, 0, -1):
            dW[l] = (dZ.dot(A[l - 1].T) + self.reg * self.W[l]) / m
            db[l] = dZ.sum(axis=1, keepdims=True) / m
            if l > 1:
                dZ = self.W[l].T.dot(dZ)
                dZ = dZ * np.where(Z[l - 1] > 0, 1, 0.1)
        return dW, db
