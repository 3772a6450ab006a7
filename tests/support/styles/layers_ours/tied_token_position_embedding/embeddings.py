import numpy as np


class TiedEmbedding:
    def __init__(self, vocab, max_len, dim, rng):
        self.tok = rng.normal(0, 0.5, (vocab, dim))
        self.pos = rng.normal(0, 0.5, (max_len, dim))
        self.out_b = np.zeros(vocab)
        self.zero()

    def zero(self):
        self.g_tok = np.zeros_like(self.tok)
        self.g_pos = np.zeros_like(self.pos)
        self.g_out_b = np.zeros_like(self.out_b)

    # ids (B, T) -> (B, T, dim); `start` is the position of the first token
    def embed(self, ids, start=0):
        self.ids, self.start = ids, start
        T = ids.shape[1]
        return self.tok[ids] + self.pos[start:start + T]

    def embed_back(self, g):
        T = g.shape[1]
        np.add.at(self.g_tok, self.ids, g)
        self.g_pos[self.start:self.start + T] += g.sum(axis=0)

    # hidden states (B, T, dim) -> scores (B, T, vocab)
    def logits(self, h):
        self.h = h
        return h @ self.tok.T + self.out_b

    def logits_back(self, g):
        V, D = self.tok.shape
        self.g_tok += g.reshape(-1, V).T @ self.h.reshape(-1, D)
        self.g_out_b += g.sum(axis=(0, 1))
        return g @ self.tok
