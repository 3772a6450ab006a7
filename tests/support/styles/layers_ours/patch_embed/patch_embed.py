import numpy as np


class PatchEmbed:
    """(B, C, H, W) -> (B, 1 + n_patches, dim), as at the bottom of a ViT."""

    def __init__(self, img_size, patch, channels, dim, seed=0):
        rng = np.random.RandomState(seed)
        self.patch = patch
        self.gh, self.gw = img_size[0] // patch, img_size[1] // patch
        n = self.gh * self.gw
        self.W = rng.randn(channels * patch * patch, dim) * 0.02
        self.b = np.zeros(dim)
        self.cls = rng.randn(1, 1, dim) * 0.02
        self.pos = rng.randn(1, n + 1, dim) * 0.02
        self.grads = {}

    def patchify(self, img):
        B, C, H, W = img.shape
        p = self.patch
        t = img.reshape(B, C, self.gh, p, self.gw, p)
        t = t.transpose(0, 2, 4, 1, 3, 5)          # B, gh, gw, C, p, p
        return t.reshape(B, self.gh * self.gw, C * p * p)

    def unpatchify(self, tok, C):
        B = tok.shape[0]
        p = self.patch
        t = tok.reshape(B, self.gh, self.gw, C, p, p)
        t = t.transpose(0, 3, 1, 4, 2, 5)          # B, C, gh, p, gw, p
        return t.reshape(B, C, self.gh * p, self.gw * p)

    def forward(self, img):
        self.channels = img.shape[1]
        self.tokens = self.patchify(img)
        emb = self.tokens @ self.W + self.b
        cls = np.repeat(self.cls, img.shape[0], axis=0)
        return np.concatenate([cls, emb], axis=1) + self.pos

    def backward(self, dout):
        self.grads["pos"] = dout.sum(axis=0, keepdims=True)
        self.grads["cls"] = dout[:, :1].sum(axis=0, keepdims=True)
        demb = dout[:, 1:]
        self.grads["b"] = demb.sum(axis=(0, 1))
        self.grads["W"] = np.einsum("bnk,bnd->kd", self.tokens, demb)
        dtok = demb @ self.W.T
        return self.unpatchify(dtok, self.channels)
