import numpy as np

ACT = {
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "relu": (lambda z: z * (z > 0), lambda z: 1.0 * (z > 0)),
}
HIDDEN = "tanh"
OUTPUT = "sigmoid"


def forward(layers, X):
    f, g = ACT[HIDDEN][0], ACT[OUTPUT][0]
    zs, outs = [], [X]
    for layer in layers:
        z = layer["W"] @ outs[-1] + layer["b"]
        zs.append(z)
        outs.append(g(z) if layer is layers[-1] else f(z))
    return zs, outs


def cost(layers, X, Y):
    return np.sum((forward(layers, X)[1][-1] - Y) ** 2) / (2 * X.shape[1])


def backprop(layers, X, Y):
    df, dg = ACT[HIDDEN][1], ACT[OUTPUT][1]
    zs, outs = forward(layers, X)
    grads = []
    delta = (outs[-1] - Y) / X.shape[1] * dg(zs[-1])
    for i in range(len(layers) - 1, -1, -1):
        grads.append({"W": delta @ outs[i].T, "b": delta.sum(axis=1, keepdims=True)})
        if i:
            delta = layers[i]["W"].T @ delta * df(zs[i - 1])
    return list(reversed(grads))
