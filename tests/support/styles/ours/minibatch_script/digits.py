import numpy as np
from keras.datasets import mnist

(train_X, train_y), (test_X, test_y) = mnist.load_data()
train_X = train_X.reshape(-1, 784) / 255

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def train(X, y, hidden=64, epochs=10, batch_size=32, lr=0.1):
    n = X.shape[0]
    W1 = np.random.randn(784, hidden) * 0.01
    b1 = np.zeros((1, hidden))
    W2 = np.random.randn(hidden, 10) * 0.01
    b2 = np.zeros((1, 10))
    Y = np.eye(10)[y]
    for epoch in range(epochs):
        perm = np.random.permutation(n)
        for i in range(0, n, batch_size):
            idx = perm[i:i + batch_size]
            xb, yb = X[idx], Y[idx]
            z1 = xb @ W1 + b1
            a1 = sigmoid(z1)
            z2 = a1 @ W2 + b2
            e = np.exp(z2 - z2.max(axis=1, keepdims=True))
            p = e / e.sum(axis=1, keepdims=True)
            loss = -np.sum(yb * np.log(p)) / len(idx)
            dz2 = (p - yb) / len(idx)
            dW2 = a1.T @ dz2
            db2 = dz2.sum(axis=0, keepdims=True)
            dz1 = (dz2 @ W2.T) * a1 * (1 - a1)
            dW1 = xb.T @ dz1
            db1 = dz1.sum(axis=0, keepdims=True)
            W1 -= lr * dW1
            b1 -= lr * db1
            W2 -= lr * dW2
            b2 -= lr * db2
        print(epoch, loss)
    return W1, b1, W2, b2

train(train_X, train_y)
