# ---- activations.py ----
import numpy as np


def softmax(x):
    e = np.exp(x - np.max(x, axis=0))
    return e / np.sum(e, axis=0)


def leaky_relu(x):
    return np.maximum(0.01 * x, x)


# ---- init.py ----
import numpy as np
import math


def init(d, m, K):
    np.random.seed(0)
    return (np.random.randn(m, d) / math.sqrt(d), np.zeros((m, 1)),
            np.random.randn(K, m) / math.sqrt(m), np.zeros((K, 1)))


# ---- network.py ----
import numpy as np
# from activations import softmax, leaky_relu


def forward(X, W1, b1, W2, b2):
    s1 = np.matmul(W1, X) + b1
    h = leaky_relu(s1)
    return s1, h, softmax(np.matmul(W2, h) + b2)


def compute_loss(X, Y, W1, b1, W2, b2, lam):
    _, _, P = forward(X, W1, b1, W2, b2)
    return -np.einsum('kn,kn->', Y, np.log(P)) / X.shape[1] + lam * (np.sum(W1 ** 2) + np.sum(W2 ** 2))


def compute_grads(X, Y, W1, b1, W2, b2, lam):
    s1, h, P = forward(X, W1, b1, W2, b2)
    N = X.shape[1]
    one = np.ones((N, 1))
    G = P - Y
    dW2 = np.matmul(G, h.T) / N + 2 * lam * W2
    db2 = np.matmul(G, one) / N
    G = np.matmul(W2.T, G)
    G = np.where(s1 > 0, G, 0.01 * G)
    dW1 = np.matmul(G, X.T) / N + 2 * lam * W1
    db1 = np.matmul(G, one) / N
    return dW1, db1, dW2, db2


# ---- main.py ----
import sys
import numpy as np
import matplotlib.pyplot as plt
# from network import *

X = np.genfromtxt(sys.argv[1], delimiter=';').T
labels = X[-1].astype(int)
X = X[:-1]
Y = np.eye(labels.max() + 1)[:, labels]
W1, b1, W2, b2 = init(X.shape[0], 20, Y.shape[0])
losses = []
for it in range(500):
    dW1, db1, dW2, db2 = compute_grads(X, Y, W1, b1, W2, b2, 0.001)
    W1 -= 0.1 * dW1; b1 -= 0.1 * db1; W2 -= 0.1 * dW2; b2 -= 0.1 * db2
    losses.append(compute_loss(X, Y, W1, b1, W2, b2, 0.001))
fig, ax = plt.subplots()
ax.semilogy(losses)
fig.savefig('loss.pdf')
