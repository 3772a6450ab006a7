import numpy as np

DTYPE = np.float32


def init(n_in, n_hidden, n_out, seed=0):
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(0, 0.1, (n_in, n_hidden)).astype(DTYPE),
        "b1": np.zeros(n_hidden, dtype=DTYPE),
        "W2": rng.normal(0, 0.1, (n_hidden, n_out)).astype(DTYPE),
        "b2": np.zeros(n_out, dtype=DTYPE),
    }


def forward(params, X):
    h = np.maximum(X @ params["W1"] + params["b1"], 0)
    return h, h @ params["W2"] + params["b2"]


def loss(params, X, y):
    scores = forward(params, X)[1]
    top = scores.max(axis=1)
    return np.mean(top + np.log(np.exp(scores - top[:, None]).sum(axis=1)) - scores[np.arange(len(y)), y])


def gradients(params, X, y):
    h, scores = forward(params, X)
    g = np.exp(scores - scores.max(axis=1)[:, None])
    g /= g.sum(axis=1)[:, None]
    g[np.arange(len(y)), y] -= 1
    g /= len(y)
    grads = {name: np.zeros(value.shape) for name, value in params.items()}
    grads["W2"][:] = h.T @ g
    grads["b2"][:] = g.sum(axis=0)
    g = np.where(h > 0, g @ params["W2"].T, 0)
    grads["W1"][:] = X.T @ g
    grads["b1"][:] = g.sum(axis=0)
    return grads
