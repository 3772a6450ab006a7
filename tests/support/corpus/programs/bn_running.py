"""Two layers, columns, batch norm step by step along its graph; every forward pass moves the running averages."""

import numpy as np

running = {"mean": 0.0, "var": 1.0}


def bn_forward(s, gamma, beta, train):
    eps = 1e-5
    if train:
        mu = np.mean(s, axis=1, keepdims=True)
        var = np.var(s, axis=1, keepdims=True)
        running["mean"] = 0.9 * running["mean"] + 0.1 * mu
        running["var"] = 0.9 * running["var"] + 0.1 * var
    else:
        mu = running["mean"]
        var = running["var"]
    xmu = s - mu
    sqrtvar = np.sqrt(var + eps)
    ivar = 1 / sqrtvar
    xhat = xmu * ivar
    out = gamma * xhat + beta
    return out, (xhat, gamma, xmu, ivar, sqrtvar)


def bn_backward(dout, cache):
    xhat, gamma, xmu, ivar, sqrtvar = cache
    N = dout.shape[1]
    dbeta = np.sum(dout, axis=1, keepdims=True)
    dgamma = np.sum(dout * xhat, axis=1, keepdims=True)
    dxhat = dout * gamma
    divar = np.sum(dxhat * xmu, axis=1, keepdims=True)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1 / (sqrtvar**2) * divar
    dvar = 0.5 / sqrtvar * dsqrtvar
    dsq = 1 / N * np.ones(dout.shape) * dvar
    dxmu2 = 2 * xmu * dsq
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dx1, axis=1, keepdims=True)
    dx2 = 1 / N * np.ones(dout.shape) * dmu
    dx = dx1 + dx2
    return dx, dgamma, dbeta


def forward(theta, X, train=True):
    s1 = theta["W1"].dot(X) + theta["b1"]
    bn, cache = bn_forward(s1, theta["gamma"], theta["beta"], train)
    h = bn * (bn > 0)
    scores = theta["W2"].dot(h) + theta["b2"]
    e = np.exp(scores)
    P = e / np.sum(e, axis=0)
    return P, h, cache


def cost(theta, X, Y, lamda):
    P, _, _ = forward(theta, X, train=True)
    D = X.shape[1]
    cross = -np.log(np.sum(Y * P, axis=0))
    return 1 / D * np.sum(cross) + lamda * (np.sum(theta["W1"] ** 2) + np.sum(theta["W2"] ** 2))


def gradient(theta, X, Y, lamda):
    D = X.shape[1]
    P, h, cache = forward(theta, X)
    grad = {}
    G = (P - Y) / D
    grad["W2"] = G.dot(h.T) + 2 * lamda * theta["W2"]
    grad["b2"] = np.sum(G, axis=1, keepdims=True)
    G = theta["W2"].T.dot(G)
    G = G * (h > 0)
    G, dgamma, dbeta = bn_backward(G, cache)
    grad["gamma"] = dgamma
    grad["beta"] = dbeta
    grad["W1"] = G.dot(X.T) + 2 * lamda * theta["W1"]
    grad["b1"] = np.sum(G, axis=1, keepdims=True)
    return grad


def step(theta, grad, eta):
    new = {}
    new["W1"] = theta["W1"] - eta * grad["W1"]
    new["b1"] = theta["b1"] - eta * grad["b1"]
    new["gamma"] = theta["gamma"] - eta * grad["gamma"]
    new["beta"] = theta["beta"] - eta * grad["beta"]
    new["W2"] = theta["W2"] - eta * grad["W2"]
    new["b2"] = theta["b2"] - eta * grad["b2"]
    return new


def build(net):
    theta = {
        "W1": net.W[0],
        "b1": net.b[0][:, None],
        "gamma": net.gamma[0][:, None],
        "beta": net.beta[0][:, None],
        "W2": net.W[1],
        "b2": net.b[1][:, None],
    }
    return {
        "cost": cost,
        "gradient": gradient,
        "parameters": theta,
        "data": (net.X.T, net.Y.T, net.shape.l2),
        "update": step,
    }
