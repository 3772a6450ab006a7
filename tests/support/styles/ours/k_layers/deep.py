import numpy as np
import matplotlib.pyplot as plt
from tqdm import tqdm


def relu(s):
    return np.maximum(s, 0)


def softmax(s):
    s = s - np.max(s, axis=0, keepdims=True)
    return np.exp(s) / np.exp(s).sum(axis=0, keepdims=True)


def initialize(sizes):
    Ws, bs = [], []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        Ws.append(np.random.normal(0, np.sqrt(2 / n_in), (n_out, n_in)))
        bs.append(np.zeros((n_out, 1)))
    return Ws, bs


def forward(X, Ws, bs):
    activations = [X]
    for W, b in zip(Ws[:-1], bs[:-1]):
        activations.append(relu(W @ activations[-1] + b))
    return activations, softmax(Ws[-1] @ activations[-1] + bs[-1])


def compute_cost(X, Y, Ws, bs, lambda_):
    _, P = forward(X, Ws, bs)
    cross_entropy = -np.log((Y * P).sum(axis=0)).mean()
    return cross_entropy + lambda_ * sum([(W ** 2).sum() for W in Ws])


def compute_gradients(X, Y, Ws, bs, lambda_):
    n = X.shape[1]
    activations, P = forward(X, Ws, bs)
    grad_Ws, grad_bs = [], []
    G = (P - Y) / n
    for l in range(len(Ws) - 1, -1, -1):
        grad_Ws.insert(0, G @ activations[l].T + 2 * lambda_ * Ws[l])
        grad_bs.insert(0, G.sum(axis=1, keepdims=True))
        if l > 0:
            G = Ws[l].T @ G
            G = G * (activations[l] > 0)
    return grad_Ws, grad_bs


if __name__ == '__main__':
    data = np.load('cifar.npz')
    Ws, bs = initialize([3072, 50, 50, 10])
    history = []
    for step in tqdm(range(2000)):
        idx = np.random.choice(data['X'].shape[1], 100)
        gW, gb = compute_gradients(data['X'][:, idx], data['Y'][:, idx], Ws, bs, 0.005)
        Ws = [W - 0.01 * g for W, g in zip(Ws, gW)]
        bs = [b - 0.01 * g for b, g in zip(bs, gb)]
        history.append(compute_cost(data['X'][:, idx], data['Y'][:, idx], Ws, bs, 0.005))
    plt.plot(history)
    plt.show()
