"""k layers, columns, one-hot: a dict of parallel lists, batch norm by the matrix formulas of the lecture notes."""

import numpy as np

EPS = 1e-5


def softmax(s):
    s = s - np.max(s, axis=0, keepdims=True)
    return np.exp(s) / np.sum(np.exp(s), axis=0, keepdims=True)


def batch_normalize(s, mu, v):
    return (s - mu) / np.sqrt(v + EPS)


def forward_pass(X, net):
    W, b = net["W"], net["b"]
    k = len(W)
    H, S, S_hat, mus, vs = [X], [], [], [], []
    for i in range(k - 1):
        s = W[i] @ H[i] + b[i]
        S.append(s)
        if "gamma" in net:
            mu = np.mean(s, axis=1, keepdims=True)
            v = np.mean((s - mu) ** 2, axis=1, keepdims=True)
            s_hat = batch_normalize(s, mu, v)
            s = net["gamma"][i] * s_hat + net["beta"][i]
            S_hat.append(s_hat)
            mus.append(mu)
            vs.append(v)
        H.append(np.maximum(0, s))
    P = softmax(W[k - 1] @ H[k - 1] + b[k - 1])
    return P, H, S, S_hat, mus, vs


def compute_cost(net, X, Y, lam):
    P = forward_pass(X, net)[0]
    cross_entropy = -np.log(np.sum(Y * P, axis=0))
    penalty = lam * sum(np.sum(W**2) for W in net["W"])
    return np.mean(cross_entropy) + penalty


def batch_norm_back_pass(G, S, mu, v):
    n = S.shape[1]
    sigma1 = (v + EPS) ** -0.5
    sigma2 = (v + EPS) ** -1.5
    G1 = G * sigma1
    G2 = G * sigma2
    D = S - mu
    c = np.sum(G2 * D, axis=1, keepdims=True)
    return G1 - np.sum(G1, axis=1, keepdims=True) / n - D * c / n


def compute_gradients(net, X, Y, lam):
    W = net["W"]
    k = len(W)
    n = X.shape[1]
    P, H, S, S_hat, mus, vs = forward_pass(X, net)
    grads = {name: [np.zeros_like(value) for value in net[name]] for name in net}

    G = P - Y
    for i in range(k - 1, -1, -1):
        if i < k - 1:
            G = G * (H[i + 1] > 0)
            if "gamma" in net:
                grads["gamma"][i] = np.sum(G * S_hat[i], axis=1, keepdims=True) / n
                grads["beta"][i] = np.sum(G, axis=1, keepdims=True) / n
                G = G * net["gamma"][i]
                G = batch_norm_back_pass(G, S[i], mus[i], vs[i])
        grads["W"][i] = G @ H[i].T / n + 2 * lam * W[i]
        grads["b"][i] = np.sum(G, axis=1, keepdims=True) / n
        G = W[i].T @ G
    return grads


def update(net, grads, eta):
    k = len(net["W"])
    for i in range(k):
        net["W"][i] = net["W"][i] - eta * grads["W"][i]
        net["b"][i] = net["b"][i] - eta * grads["b"][i]
    if "gamma" in net:
        for i in range(k - 1):
            net["gamma"][i] = net["gamma"][i] - eta * grads["gamma"][i]
            net["beta"][i] = net["beta"][i] - eta * grads["beta"][i]
    return net


def build(net):
    columns = {"W": net.W, "b": [b[:, None] for b in net.b]}
    if net.shape.batchnorm:
        columns["gamma"] = [gamma[:, None] for gamma in net.gamma]
        columns["beta"] = [beta[:, None] for beta in net.beta]
    return {
        "cost": compute_cost,
        "gradient": compute_gradients,
        "parameters": columns,
        "data": (net.X.T, net.Y.T, net.shape.l2),
        "update": update,
    }
