"""A small residual network for images of 3 channels: a stem, two stages, the mean over all places, a classifier."""
import numpy as np

CLASSES = 10


def init_params(seed=0):
    rng = np.random.default_rng(seed)

    def he(*shape):
        return rng.normal(0, np.sqrt(2 / np.prod(shape[1:])), shape)

    return {
        "stem_w": he(12, 3, 3, 3),
        "stem_b": np.zeros(12),
        "s1_w1": he(12, 12, 3, 3),
        "s1_b1": np.zeros(12),
        "s1_w2": he(12, 12, 3, 3),
        "s1_b2": np.zeros(12),
        "s2_w1": he(20, 12, 3, 3),
        "s2_b1": np.zeros(20),
        "s2_w2": he(20, 20, 3, 3),
        "s2_b2": np.zeros(20),
        "s2_skip": he(20, 12, 1, 1),
        "fc_w": rng.normal(0, 0.1, (20, CLASSES)),
        "fc_b": np.zeros(CLASSES),
    }


def windows(x, k):
    """Every k x k window of images that are padded so that as many come out: (N, C, H, W, k, k)."""
    pad = k // 2
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    return np.lib.stride_tricks.sliding_window_view(padded, (k, k), axis=(2, 3))


def conv(x, w, b=None):
    out = np.tensordot(windows(x, w.shape[2]), w, axes=([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2)
    return out if b is None else out + b[None, :, None, None]


def conv_backward(dout, x, w):
    dw = np.tensordot(dout, windows(x, w.shape[2]), axes=([0, 2, 3], [0, 2, 3]))
    db = dout.sum(axis=(0, 2, 3))
    flipped = w[:, :, ::-1, ::-1]
    dx = np.tensordot(windows(dout, w.shape[2]), flipped, axes=([1, 4, 5], [0, 2, 3]))
    return dx.transpose(0, 3, 1, 2), dw, db


def pool(x):
    """The mean of every 2 x 2 places."""
    n, c, h, w = x.shape
    return x.reshape(n, c, h // 2, 2, w // 2, 2).mean(axis=(3, 5))


def pool_backward(dout):
    return dout.repeat(2, axis=2).repeat(2, axis=3) / 4


def stage(x, p, name, skip=None):
    a1 = conv(x, p[f"{name}_w1"], p[f"{name}_b1"])
    h1 = np.maximum(a1, 0)
    a2 = conv(h1, p[f"{name}_w2"], p[f"{name}_b2"])
    total = a2 + (x if skip is None else conv(x, p[skip]))
    return np.maximum(total, 0), (x, a1, h1, total)


def stage_backward(dout, cache, p, name, grads, skip=None):
    x, a1, h1, total = cache
    dtotal = dout * (total > 0)
    dh1, grads[f"{name}_w2"], grads[f"{name}_b2"] = conv_backward(dtotal, h1, p[f"{name}_w2"])
    da1 = dh1 * (a1 > 0)
    dx, grads[f"{name}_w1"], grads[f"{name}_b1"] = conv_backward(da1, x, p[f"{name}_w1"])
    if skip is None:
        return dx + dtotal
    through, grads[skip], _ = conv_backward(dtotal, x, p[skip])
    return dx + through


def loss_and_grads(p, images, labels):
    n = len(images)
    stem = conv(images, p["stem_w"], p["stem_b"])
    s1, cache1 = stage(np.maximum(stem, 0), p, "s1")
    half = pool(s1)
    s2, cache2 = stage(half, p, "s2", skip="s2_skip")
    features = s2.mean(axis=(2, 3))
    scores = features @ p["fc_w"] + p["fc_b"]
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_probs[np.arange(n), labels].mean()

    grads = {}
    dscores = np.exp(log_probs)
    dscores[np.arange(n), labels] -= 1
    dscores /= n
    grads["fc_w"] = features.T @ dscores
    grads["fc_b"] = dscores.sum(axis=0)
    dfeatures = dscores @ p["fc_w"].T
    places = s2.shape[2] * s2.shape[3]
    ds2 = np.broadcast_to(dfeatures[:, :, None, None] / places, s2.shape)
    dhalf = stage_backward(ds2, cache2, p, "s2", grads, skip="s2_skip")
    dstem = stage_backward(pool_backward(dhalf), cache1, p, "s1", grads)
    dstem = dstem * (stem > 0)
    _, grads["stem_w"], grads["stem_b"] = conv_backward(dstem, images, p["stem_w"])
    return loss, grads


def fit(images, labels, epochs=5, rate=0.1, batch=16, seed=0):
    rng = np.random.default_rng(seed)
    p = init_params(seed)
    for epoch in range(epochs):
        for start in range(0, len(images), batch):
            chosen = rng.permutation(len(images))[:batch]
            loss, grads = loss_and_grads(p, images[chosen], labels[chosen])
            for name in p:
                p[name] -= rate * grads[name]
        print(epoch, loss)
    return p


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    fit(rng.normal(size=(64, 3, 8, 8)), rng.integers(0, CLASSES, 64))
