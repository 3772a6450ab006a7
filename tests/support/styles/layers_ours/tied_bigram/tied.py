"""Two words predict the third; the output layer is the embedding again."""
import numpy as np


class TiedLM(object):
    def __init__(self, n_words, n_dim, rng):
        self.E = 0.2 * rng.standard_normal((n_words, n_dim))
        self.M = 0.2 * rng.standard_normal((2 * n_dim, n_dim))
        self.bias = np.zeros(n_words)

    def __call__(self, pairs, target):
        B = len(target)
        ctx = self.E[pairs].reshape(B, -1)
        hid = np.tanh(ctx.dot(self.M))
        scores = hid.dot(self.E.T) + self.bias
        scores -= scores.max(axis=1)[:, None]
        Z = np.exp(scores).sum(axis=1)
        nll = (np.log(Z) - scores[range(B), target]).sum() / B

        delta = np.exp(scores) / Z[:, None]
        delta[range(B), target] -= 1.
        delta /= B
        dbias = delta.sum(axis=0)
        dE = delta.T.dot(hid)
        dhid = delta.dot(self.E)
        dpre = dhid * (1. - hid * hid)
        dM = ctx.T.dot(dpre)
        dctx = dpre.dot(self.M.T).reshape(B, 2, -1)
        np.add.at(dE, pairs, dctx)
        return nll, (dE, dM, dbias)


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    text = rng.integers(0, 7, size=40)
    pairs = np.stack([text[:-2], text[1:-1]], axis=1)
    target = text[2:]
    lm = TiedLM(7, 3, rng)
    for epoch in range(50):
        nll, (dE, dM, dbias) = lm(pairs, target)
        lm.E -= dE
        lm.M -= dM
        lm.bias -= dbias
    print("nll", nll)
