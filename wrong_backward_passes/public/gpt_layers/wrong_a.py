"""A decoder-only transformer; every layer keeps what its backward pass needs."""
import numpy as np


class Linear:
    def __init__(self, n, m, rng):
        self.params = {"W": rng.normal(0, 1 / np.sqrt(n), (n, m)), "b": np.zeros(m)}
        self.grads = {}

    def forward(self, x):
        self.x = x
        return x @ self.params["W"] + self.params["b"]

    def backward(self, dy):
        self.grads["W"] = np.einsum("bti,bto->io", self.x, dy)
        self.grads["b"] = dy.sum(axis=(0, 1))
        return dy @ self.params["W"].T


class LayerNorm:
    def __init__(self, n):
        self.params = {"g": np.ones(n), "b": np.zeros(n)}
        self.grads = {}

    def forward(self, x):
        self.inv = 1 / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)
        self.xhat = (x - x.mean(axis=-1, keepdims=True)) * self.inv
        return self.xhat * self.params["g"] + self.params["b"]

    def backward(self, dy):
        self.grads["g"] = np.sum(dy * self.xhat, axis=(0, 1))
        self.grads["b"] = np.sum(dy, axis=(0, 1))
        d = dy * self.params["g"]
        d = d - d.mean(axis=-1, keepdims=True) - self.xhat * (d * self.xhat).mean(axis=-1, keepdims=True)
        return d * self.inv


class SelfAttention:
    def __init__(self, n, heads, rng):
        self.heads = heads
        self.qkv, self.out = Linear(n, 3 * n, rng), Linear(n, n, rng)

    def forward(self, x):
        B, T, n = x.shape
        qkv = self.qkv.forward(x).reshape(B, T, 3, self.heads, n // self.heads)
        self.q, self.k, self.v = np.moveaxis(qkv, (2, 3), (0, 2))
        scores = np.einsum("bhid,bhjd->bhij", self.q, self.k) / np.sqrt(n // self.heads)
        scores = scores + np.triu(np.full((T, T), -1e9), 1)
        e = np.exp(scores - scores.max(axis=-1, keepdims=True))
        self.a = e / e.sum(axis=-1, keepdims=True)
        y = np.einsum("bhij,bhjd->bihd", self.a, self.v)
        return self.out.forward(y.reshape(B, T, n))

    def backward(self, dy):
        B, T, n = dy.shape
        dy = self.out.backward(dy).reshape(B, T, self.heads, -1)
        da = np.einsum("bihd,bhjd->bhij", dy, self.v)
        dv = np.einsum("bhij,bihd->bhjd", self.a, dy)
        ds = self.a * (da - np.sum(self.a * da, axis=-1, keepdims=True))
        ds = ds / np.sqrt(n // self.heads)
        dq = np.einsum("bhij,bhjd->bhid", ds, self.k)
        dk = np.einsum("bhij,bhid->bhjd", ds, self.q)
        dqkv = np.moveaxis(np.stack([dq, dk, dv]), (0, 2), (2, 3))
        return self.qkv.backward(dqkv.reshape(B, T, 3 * n))


class Block:
    def __init__(self, n, heads, rng):
        self.ln1, self.att = LayerNorm(n), SelfAttention(n, heads, rng)
        self.ln2, self.fc1, self.fc2 = LayerNorm(n), Linear(n, 4 * n, rng), Linear(4 * n, n, rng)

    def forward(self, x):
        x = x + self.att.forward(self.ln1.forward(x))
        self.z = self.fc1.forward(self.ln2.forward(x))
        return x + self.fc2.forward(np.maximum(self.z, 0))

    def backward(self, dy):
        dz = self.fc2.backward(dy) * (self.z > 0)
        dy = dy + self.ln2.backward(self.fc1.backward(dz))
        return dy + self.ln1.backward(self.att.backward(dy))

    def parts(self):
        return [self.ln1, self.att.qkv, self.att.out, self.ln2, self.fc1, self.fc2]


class Embedding:
    def __init__(self, vocab, length, n, rng):
        self.params = {"tok": rng.normal(0, 0.3, (vocab, n)), "pos": rng.normal(0, 0.3, (length, n))}
        self.grads = {}

    def forward(self, ids):
        self.ids = ids
        return self.params["tok"][ids] + self.params["pos"][:ids.shape[1]]

    def backward(self, dy):
        self.grads = {name: np.zeros_like(value) for name, value in self.params.items()}
        self.grads["tok"][self.ids] += dy
        self.grads["pos"][:dy.shape[1]] = dy.sum(axis=0)


class GPT:
    def __init__(self, vocab, length, n, heads, depth, seed=0):
        rng = np.random.default_rng(seed)
        self.embedding = Embedding(vocab, length, n, rng)
        self.blocks = [Block(n, heads, rng) for _ in range(depth)]
        self.norm = LayerNorm(n)
        self.head = Linear(n, vocab, rng)

    def layers(self):
        return [self.embedding, *(part for block in self.blocks for part in block.parts()), self.norm, self.head]

    def loss(self, ids, targets):
        x = self.embedding.forward(ids)
        for block in self.blocks:
            x = block.forward(x)
        logits = self.head.forward(self.norm.forward(x))
        e = np.exp(logits - logits.max(axis=-1, keepdims=True))
        self.probs = e / e.sum(axis=-1, keepdims=True)
        self.targets = targets
        b, t = np.indices(targets.shape)
        return -np.log(self.probs[b, t, targets]).mean()

    def backward(self):
        b, t = np.indices(self.targets.shape)
        d = self.probs.copy()
        d[b, t, self.targets] -= 1
        d /= self.targets.size
        d = self.norm.backward(self.head.backward(d))
        for block in reversed(self.blocks):
            d = block.backward(d)
        self.embedding.backward(d)
