"""Two layers, rows, integer labels: params is a dict, W is (in, out), the penalty is half of reg."""

import numpy as np


def forward(params, X):
    W1, b1 = params["W1"], params["b1"]
    W2, b2 = params["W2"], params["b2"]
    hidden = np.maximum(0, X.dot(W1) + b1)
    scores = hidden.dot(W2) + b2
    return hidden, scores


def loss(params, X, y, reg):
    N = X.shape[0]
    hidden, scores = forward(params, X)
    exp_scores = np.exp(scores)
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
    correct_logprobs = -np.log(probs[np.arange(N), y])
    data_loss = np.sum(correct_logprobs) / N
    reg_loss = 0.5 * reg * np.sum(params["W1"] ** 2) + 0.5 * reg * np.sum(params["W2"] ** 2)
    return data_loss + reg_loss


def gradients(params, X, y, reg):
    N = X.shape[0]
    W1, W2 = params["W1"], params["W2"]
    hidden, scores = forward(params, X)
    exp_scores = np.exp(scores)
    probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)

    dscores = probs
    dscores[np.arange(N), y] -= 1
    dscores /= N

    grads = {}
    grads["W2"] = np.dot(hidden.T, dscores)
    grads["b2"] = np.sum(dscores, axis=0)
    dhidden = np.dot(dscores, W2.T)
    dhidden[hidden <= 0] = 0
    grads["W1"] = np.dot(X.T, dhidden)
    grads["b1"] = np.sum(dhidden, axis=0)

    grads["W2"] += reg * W2
    grads["W1"] += reg * W1
    return grads


def eval_numerical_gradient(params, X, y, reg, h=1e-5):
    grads = {}
    for name in params:
        x = params[name]
        grad = np.zeros_like(x)
        it = np.nditer(x, flags=["multi_index"])
        while not it.finished:
            ix = it.multi_index
            oldval = x[ix]
            x[ix] = oldval + h
            fxph = loss(params, X, y, reg)
            x[ix] = oldval - h
            fxmh = loss(params, X, y, reg)
            x[ix] = oldval
            grad[ix] = (fxph - fxmh) / (2 * h)
            it.iternext()
        grads[name] = grad
    return grads


def train_step(params, grads, learning_rate):
    for name in params:
        params[name] += -learning_rate * grads[name]


def build(net):
    params = {}
    for i in range(2):
        params[f"W{i + 1}"] = net.W[i].T.copy()
        params[f"b{i + 1}"] = net.b[i]
    return {
        "cost": loss,
        "gradient": gradients,
        "parameters": params,
        "data": (net.X, net.y, 2 * net.shape.l2),
        "update": train_step,
        "numeric": eval_numerical_gradient,
    }
