import numpy as np


class Embedding:
    def __init__(self, W):
        self.params, self.grads = [W], [np.zeros_like(W)]
        self.idx = None

    def forward(self, idx):
        self.idx = idx
        return self.params[0][idx]

    def backward(self, dout):
        # several layers share a table: their gradients are added up
        np.add.at(self.grads[0], self.idx, dout)


class EmbeddingDot:
    def __init__(self, embed):
        self.embed = embed
        self.cache = []

    def forward(self, h, idx):
        w = self.embed.forward(idx)
        self.cache.append((h, w, idx))
        return np.sum(w * h, axis=1)

    def backward(self, dout):
        h, w, idx = self.cache.pop()
        dout = dout.reshape(-1, 1)
        self.embed.idx = idx
        self.embed.backward(dout * h)
        return dout * w


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class CBOW:
    def __init__(self, vocab, dim, window=2, seed=None):
        rng = np.random.default_rng(seed)
        self.n_ctx = 2 * window
        self.embed_in = Embedding(rng.normal(size=(vocab, dim)) * 0.01)
        self.embed_out = Embedding(rng.normal(size=(vocab, dim)) * 0.01)
        self.dot = EmbeddingDot(self.embed_out)
        self.params = self.embed_in.params + self.embed_out.params
        self.grads = self.embed_in.grads + self.embed_out.grads

    def forward(self, contexts, target, negatives):
        """contexts (N, 2 window), target (N,), negatives (N, S)"""
        self.dot.cache, self.y, self.t = [], [], []
        h = self.embed_in.forward(contexts).mean(axis=1)
        loss = 0.0
        samples = [(target, 1)] + [(negatives[:, s], 0) for s in range(negatives.shape[1])]
        for idx, label in samples:
            y = sigmoid(self.dot.forward(h, idx))
            loss -= np.mean(np.log(y if label else 1 - y))
            self.y.append(y)
            self.t.append(label)
        return loss

    def backward(self, dloss=1.0):
        for g in self.grads:
            g[...] = 0
        dh = 0
        while self.y:
            y, t = self.y.pop(), self.t.pop()
            dh = dh + self.dot.backward(dloss * (y - t) / len(y))
        dctx = np.repeat(dh[:, None, :] / self.n_ctx, self.n_ctx, axis=1)
        self.embed_in.backward(dctx)
