import numpy as np

# ---- data -------------------------------------------------
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
y = np.array([[0], [1], [1], [0]], dtype=float)

# ---- parameters -------------------------------------------
np.random.seed(1)
W1 = np.random.randn(2, 4)
b1 = np.random.randn(1, 4)
W2 = np.random.randn(4, 1)
b2 = np.random.randn(1, 1)
lr = 0.5
n_iter = 500

for it in range(n_iter):
    # forward
    h = 1 / (1 + np.exp(-(X @ W1 + b1)))
    out = 1 / (1 + np.exp(-(h @ W2 + b2)))
    loss = np.sum((out - y) ** 2)

    # backward
    d_out = 2 * (out - y) * out * (1 - out)
    dW2 = h.T @ d_out
    db2 = d_out.sum(axis=0, keepdims=True)
    d_h = d_out @ W2.T
    d_z = d_h * h * (1 - h)
    dW1 = X.T @ d_z
    db1 = d_z.sum(axis=0, keepdims=True)

    W1 -= lr * dW1
    b1 -= lr * db1
    W2 -= lr * dW2
    b2 -= lr * db2

print("loss after training:", loss)
