import numpy as np


class SmallConvNet:
    """X is (N, C, H, W); same padding; H and W even."""

    def __init__(self, shape=(3, 8, 8), filters=4, ksize=3, hidden=10, classes=5,
                 reg=0.0, scale=0.3, seed=0):
        rng = np.random.RandomState(seed)
        C, H, W = shape
        self.reg = reg
        self.pad = ksize // 2
        flat = filters * (H // 2) * (W // 2)
        self.params = {
            "W1": scale * rng.randn(filters, C, ksize, ksize),
            "b1": np.zeros(filters),
            "W2": scale * rng.randn(flat, hidden),
            "b2": np.zeros(hidden),
            "W3": scale * rng.randn(hidden, classes),
            "b3": np.zeros(classes),
        }

    def loss(self, X, y=None):
        P, reg, p = self.params, self.reg, self.pad
        N, C, H, W = X.shape
        F, _, k, _ = P["W1"].shape

        # conv
        Xp = np.pad(X, ((0, 0), (0, 0), (p, p), (p, p)))
        conv = np.zeros((N, F, H, W)) + P["b1"].reshape(1, F, 1, 1)
        for i in range(k):
            for j in range(k):
                conv += np.einsum("nchw,fc->nfhw", Xp[:, :, i:i + H, j:j + W], P["W1"][:, :, i, j])
        a1 = np.maximum(conv, 0)
        # pool
        blocks = a1.reshape(N, F, H // 2, 2, W // 2, 2)
        pooled = blocks.max(axis=(3, 5))
        # affine, relu, affine
        flat = pooled.reshape(N, -1)
        z2 = flat @ P["W2"] + P["b2"]
        a2 = np.maximum(z2, 0)
        scores = a2 @ P["W3"] + P["b3"]
        if y is None:
            return scores

        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        probs = e / e.sum(axis=1, keepdims=True)
        loss = -np.mean(np.log(probs[np.arange(N), y]))
        for w in ("W1", "W2", "W3"):
            loss += 0.5 * reg * np.sum(P[w] ** 2)

        grads = {}
        d = probs.copy()
        d[np.arange(N), y] -= 1
        d /= N
        grads["W3"] = a2.T @ d + reg * P["W3"]
        grads["b3"] = d.sum(axis=0)
        d2 = d @ P["W3"].T
        d2[z2 <= 0] = 0
        grads["W2"] = flat.T @ d2 + reg * P["W2"]
        grads["b2"] = d2.sum(axis=0)
        dpool = (d2 @ P["W2"].T).reshape(pooled.shape)

        m = blocks == pooled[:, :, :, None, :, None]
        m = m / m.sum(axis=(3, 5), keepdims=True)           # share ties
        da1 = (m * dpool[:, :, :, None, :, None]).reshape(N, F, H, W)
        dconv = da1 * (conv > 0)
        dW1 = np.zeros_like(P["W1"])
        for i in range(k):
            for j in range(k):
                dW1[:, :, i, j] = np.einsum("nfhw,nchw->fc", dconv, Xp[:, :, i:i + H, j:j + W])
        grads["W1"] = dW1 + reg * P["W1"]
        grads["b1"] = dconv.sum(axis=(0, 2, 3))
        return loss, grads
