import numpy as np


class SmallLeNet:
    """Images (N, H, W, C); one 3x3 convolution, ReLU, 2x2 max pooling, softmax."""

    def __init__(self, height, width, channels, filters, classes, seed=1):
        rng = np.random.RandomState(seed)
        self.K = rng.randn(3, 3, channels, filters) * 0.3
        self.kb = np.zeros(filters)
        flat = ((height - 2) // 2) * ((width - 2) // 2) * filters
        self.F = rng.randn(flat, classes) * 0.3
        self.fb = np.zeros(classes)

    def forward(self, images):
        n, h, w, c = images.shape
        conv = np.zeros((n, h - 2, w - 2, self.kb.size))
        for i in range(h - 2):
            for j in range(w - 2):
                conv[:, i, j] = np.tensordot(images[:, i:i + 3, j:j + 3], self.K, axes=3) + self.kb
        act = np.maximum(conv, 0)
        ph, pw = (h - 2) // 2, (w - 2) // 2
        pool = np.zeros((n, ph, pw, self.kb.size))
        for i in range(ph):
            for j in range(pw):
                pool[:, i, j] = act[:, 2 * i:2 * i + 2, 2 * j:2 * j + 2].max(axis=(1, 2))
        flat = pool.reshape(n, -1)
        scores = flat @ self.F + self.fb
        probs = np.exp(scores - scores.max(axis=1, keepdims=True))
        probs /= probs.sum(axis=1, keepdims=True)
        return conv, act, pool, flat, probs

    def loss(self, images, labels):
        probs = self.forward(images)[-1]
        return -np.log(probs[np.arange(len(labels)), labels]).mean()

    def gradients(self, images, labels):
        conv, act, pool, flat, probs = self.forward(images)
        n = len(labels)
        d = probs.copy()
        d[np.arange(n), labels] -= 1
        d /= n
        dF = flat.T @ d
        dfb = d.sum(axis=0)
        dpool = (d @ self.F.T).reshape(pool.shape)
        dact = np.zeros_like(act)
        for i in range(pool.shape[1]):
            for j in range(pool.shape[2]):
                window = act[:, 2 * i:2 * i + 2, 2 * j:2 * j + 2]
                top = window == pool[:, i:i + 1, j:j + 1]
                dact[:, 2 * i:2 * i + 2, 2 * j:2 * j + 2] = dpool[:, i:i + 1, j:j + 1]
        dconv = dact * (conv > 0)
        dK = np.zeros_like(self.K)
        for i in range(conv.shape[1]):
            for j in range(conv.shape[2]):
                dK += np.tensordot(images[:, i:i + 3, j:j + 3], dconv[:, i, j], axes=(0, 0))
        dkb = dconv.sum(axis=(0, 1, 2))
        return {"K": dK, "kb": dkb, "F": dF, "fb": dfb}
