"""Any number of layers, rows, integer labels, batch norm with a cache and the compact backward formula."""

import numpy as np


def affine_forward(x, w, b):
    return x.dot(w) + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = dout.dot(w.T)
    dw = x.T.dot(dout)
    db = dout.sum(axis=0)
    return dx, dw, db


def batchnorm_forward(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=0)
    var = x.var(axis=0)
    inv_std = 1.0 / np.sqrt(var + eps)
    xhat = (x - mean) * inv_std
    out = gamma * xhat + beta
    return out, (x, xhat, gamma, inv_std)


def batchnorm_backward(dout, cache):
    x, xhat, gamma, inv_std = cache
    N = dout.shape[0]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    sum_dxhat = np.sum(dxhat, axis=0)
    sum_dxhat_xhat = np.sum(dxhat * xhat, axis=0)
    dx = (1.0 / N) * inv_std * (N * dxhat - sum_dxhat - xhat * sum_dxhat_xhat)
    return dx, dgamma, dbeta


def relu_forward(x):
    return np.maximum(0, x), x


def relu_backward(dout, cache):
    dx = dout.copy()
    dx[cache <= 0] = 0
    return dx


def softmax_loss(x, y):
    N = x.shape[0]
    probs = np.exp(x - np.max(x, axis=1, keepdims=True))
    probs /= np.sum(probs, axis=1, keepdims=True)
    loss = np.mean(-np.log(probs[np.arange(N), y]))
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


def forward(params, X):
    num_layers = sum(name.startswith("W") for name in params)
    caches = []
    out = X
    for i in range(1, num_layers + 1):
        out, affine_cache = affine_forward(out, params[f"W{i}"], params[f"b{i}"])
        bn_cache = relu_cache = None
        if i < num_layers:
            if f"gamma{i}" in params:
                out, bn_cache = batchnorm_forward(out, params[f"gamma{i}"], params[f"beta{i}"])
            out, relu_cache = relu_forward(out)
        caches.append((affine_cache, bn_cache, relu_cache))
    return out, caches


def loss(params, X, y, reg):
    scores, _ = forward(params, X)
    data_loss, _ = softmax_loss(scores, y)
    reg_loss = sum(0.5 * reg * np.sum(w * w) for name, w in params.items() if name[0] == "W")
    return data_loss + reg_loss


def backward(params, X, y, reg):
    scores, caches = forward(params, X)
    _, dout = softmax_loss(scores, y)
    grads = {}
    num_layers = len(caches)
    for i in range(num_layers, 0, -1):
        affine_cache, bn_cache, relu_cache = caches[i - 1]
        if i < num_layers:
            dout = relu_backward(dout, relu_cache)
            if bn_cache is not None:
                dout, grads[f"gamma{i}"], grads[f"beta{i}"] = batchnorm_backward(dout, bn_cache)
        dout, grads[f"W{i}"], grads[f"b{i}"] = affine_backward(dout, affine_cache)
        grads[f"W{i}"] += reg * params[f"W{i}"]
    return grads


def sgd(params, grads, learning_rate):
    for name in params:
        params[name] = params[name] - learning_rate * grads[name]
    return params


def build(net):
    params = {}
    for i in range(len(net.W)):
        params[f"W{i + 1}"] = net.W[i].T.copy()
        params[f"b{i + 1}"] = net.b[i]
    for i in range(len(net.gamma)):
        params[f"gamma{i + 1}"] = net.gamma[i]
        params[f"beta{i + 1}"] = net.beta[i]
    return {
        "cost": loss,
        "gradient": backward,
        "parameters": params,
        "data": (net.X, net.y, 2 * net.shape.l2),
        "update": sgd,
    }
