import numpy as np

class SoftmaxRegression:
    def __init__(self, n_classes, lr=0.1, n_iter=100, l2=0.01):
        self.n_classes = n_classes
        self.lr = lr
        self.n_iter = n_iter
        self.l2 = l2

    def _softmax(self, z):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def fit(self, X, y):
        n, d = X.shape
        Y = np.eye(self.n_classes)[y]
        self.W = np.random.randn(d, self.n_classes) * 0.01
        self.b = np.zeros(self.n_classes)
        for it in range(self.n_iter):
            P = self._softmax(X @ self.W + self.b)
            loss = -np.sum(Y * np.log(P)) / n + self.l2 * np.sum(self.W ** 2)
            dW = X.T @ (P - Y) / n + 2 * self.l2 * self.W
            db = (P - Y).mean(axis=0)
            self.W -= self.lr * dW
            self.b -= self.lr * db
            if it % 10 == 0:
                print(it, loss)
