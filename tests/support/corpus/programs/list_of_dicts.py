"""Any number of layers as a list of dicts, rows, W (in, out), b (1, out); softmax or hinge by name."""

import numpy as np


def affine_forward(x, layer):
    return x @ layer["W"] + layer["b"]


def affine_backward(dout, x, layer):
    dW = x.T @ dout
    db = np.sum(dout, axis=0, keepdims=True)
    dx = dout @ layer["W"].T
    return dx, dW, db


def relu(x):
    return np.where(x > 0, x, 0)


def relu_backward(dout, x):
    return np.where(x > 0, dout, 0)


def softmax_loss(scores, y):
    N = scores.shape[0]
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dscores = np.exp(log_probs)
    dscores[np.arange(N), y] -= 1
    return loss, dscores / N


def hinge_loss(scores, y):
    N = scores.shape[0]
    correct = scores[np.arange(N), y][:, np.newaxis]
    margins = np.maximum(0, scores - correct + 1)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N
    dscores = (margins > 0).astype(float)
    count = np.sum(dscores, axis=1)
    dscores[np.arange(N), y] -= count
    return loss, dscores / N


LOSSES = {"softmax": softmax_loss, "hinge": hinge_loss}


def forward(layers, X):
    inputs, outputs = [], []
    out = X
    for number, layer in enumerate(layers):
        if number > 0:
            out = relu(out)
        inputs.append(out)
        out = affine_forward(out, layer)
        outputs.append(out)
    return inputs, outputs


def cost(layers, X, y, lam, kind):
    _, outputs = forward(layers, X)
    data_loss, _ = LOSSES[kind](outputs[-1], y)
    reg_loss = 0
    for layer in layers:
        reg_loss += lam * np.sum(layer["W"] * layer["W"])
    return data_loss + reg_loss


def gradient(layers, X, y, lam, kind):
    inputs, outputs = forward(layers, X)
    _, dout = LOSSES[kind](outputs[-1], y)
    grads = []
    for i in reversed(range(len(layers))):
        dx, dW, db = affine_backward(dout, inputs[i], layers[i])
        dW += 2 * lam * layers[i]["W"]
        grads.insert(0, {"W": dW, "b": db})
        if i > 0:
            dout = relu_backward(dx, outputs[i - 1])
    return grads


def step(layers, grads, rate):
    for layer, grad in zip(layers, grads):
        layer["W"] -= rate * grad["W"]
        layer["b"] -= rate * grad["b"]


def build(net):
    return {
        "cost": cost,
        "gradient": gradient,
        "parameters": [{"W": W.T.copy(), "b": b[None, :]} for W, b in zip(net.W, net.b)],
        "data": (net.X, net.y, net.shape.l2, net.shape.loss),
        "update": step,
    }
