import numpy as np


def unfold(x, width):
    """(N, T, D) -> (N, T - width + 1, width * D)"""
    steps = x.shape[1] - width + 1
    return np.stack([x[:, t:t + width].reshape(len(x), -1) for t in range(steps)], axis=1)


def run(p, ids, width):
    x = p["E"][ids]
    windows = unfold(x, width)
    pre = windows @ p["K"] + p["c"]
    act = np.maximum(pre, 0)
    where = act.argmax(axis=1)
    top = act.max(axis=1)
    logits = top @ p["W"]
    e = np.exp(logits - logits.max(1, keepdims=True))
    return x, windows, pre, where, top, e / e.sum(1, keepdims=True)


def textcnn_loss(p, ids, y, width=3):
    probs = run(p, ids, width)[-1]
    return -np.log(probs[np.arange(len(y)), y]).mean()


def textcnn_grads(p, ids, y, width=3):
    x, windows, pre, where, top, probs = run(p, ids, width)
    n, steps, f = pre.shape
    d = probs.copy()
    d[np.arange(n), y] -= 1
    d /= n
    grads = {"W": top.T @ d}
    dtop = d @ p["W"].T
    dact = np.zeros_like(pre)
    rows, cols = np.arange(n)[:, None], np.arange(f)[None, :]
    dact[:] = dtop[:, None, :]
    dpre = dact * (pre > 0)
    grads["c"] = dpre.sum(axis=(0, 1))
    grads["K"] = np.tensordot(windows, dpre, axes=([0, 1], [0, 1]))
    dwindows = dpre @ p["K"].T
    dx = np.zeros_like(x)
    for t in range(steps):
        dx[:, t:t + width] += dwindows[:, t].reshape(n, width, -1)
    grads["E"] = np.zeros_like(p["E"])
    np.add.at(grads["E"], ids, dx)
    return grads
