"""Sentences padded with 0, averaged word vectors, a logistic head."""
import numpy as np

PAD = 0


class SentenceClassifier:
    def __init__(self, vocab=12, dim=4, seed=1):
        rs = np.random.RandomState(seed)
        self.emb = rs.randn(vocab, dim) * 0.3
        self.emb[PAD] = 0
        self.w = rs.randn(dim) * 0.5
        self.b = 0.1

    def loss(self, tokens, y):
        keep = (tokens != PAD).astype(float)
        length = np.maximum(keep.sum(axis=1), 1)
        vecs = self.emb[tokens] * keep[:, :, None]
        mean = vecs.sum(axis=1) / length[:, None]
        logit = mean @ self.w + self.b
        p = 1 / (1 + np.exp(-logit))
        self.saved = tokens, keep, length, mean, p, y
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    def grads(self):
        tokens, keep, length, mean, p, y = self.saved
        dlogit = (p - y) / len(y)
        dw = mean.T @ dlogit
        db = dlogit.sum()
        dmean = np.outer(dlogit, self.w)
        dvecs = (dmean / length[:, None])[:, None, :] * keep[:, :, None]
        demb = np.zeros_like(self.emb)
        np.add.at(demb, tokens, dvecs)
        return {"emb": demb, "w": dw, "b": db}


if __name__ == "__main__":
    rs = np.random.RandomState(0)
    X = rs.randint(1, 12, size=(6, 5))
    X[0, 3:] = PAD
    X[2, 2:] = PAD
    X[5, 4:] = PAD
    y = rs.randint(0, 2, size=6).astype(float)
    model = SentenceClassifier()
    for it in range(200):
        cost = model.loss(X, y)
        g = model.grads()
        model.emb -= 0.5 * g["emb"]
        model.w -= 0.5 * g["w"]
        model.b -= 0.5 * g["b"]
    print(cost)
