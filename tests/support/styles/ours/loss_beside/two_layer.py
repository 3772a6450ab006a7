import numpy as np
def relu(x): return np.maximum(0, x)
class TwoLayer:
    def __init__(self, n_x, n_h, n_y):
        self.w1 = np.random.randn(n_x, n_h); self.b1 = np.zeros(n_h)
        self.w2 = np.random.randn(n_h, n_y); self.b2 = np.zeros(n_y)
    def forward(self, x):
        self.x = x
        self.z1 = x @ self.w1 + self.b1
        self.a1 = relu(self.z1)
        self.z2 = self.a1 @ self.w2 + self.b2
        e = np.exp(self.z2 - self.z2.max(1, keepdims=True))
        self.probs = e / e.sum(1, keepdims=True)
        return self.probs
    def backward(self, y, lr=0.01):
        m = len(y)
        d2 = self.probs.copy()
        d2[range(m), y] -= 1
        d2 /= m
        dw2 = self.a1.T @ d2
        db2 = d2.sum(0)
        d1 = d2 @ self.w2.T
        d1[self.z1 <= 0] = 0
        dw1 = self.x.T @ d1
        db1 = d1.sum(0)
        self.w1 -= lr * dw1; self.b1 -= lr * db1
        self.w2 -= lr * dw2; self.b2 -= lr * db2
def cross_entropy(probs, y):
    return -np.log(probs[range(len(y)), y]).mean()
net = TwoLayer(784, 50, 10)
for epoch in range(3):
    p = net.forward(X)
    print(cross_entropy(p, Y))
    net.backward(Y)
