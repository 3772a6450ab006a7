import numpy as np


class Param:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class Norm:
    """Root-mean-square normalisation with a gain."""

    def __init__(self, dim):
        self.gain = Param(np.ones(dim))

    def __call__(self, x):
        self.x = x
        self.inv = (np.mean(x ** 2, axis=1, keepdims=True) + 1e-6) ** -0.5
        return self.gain.value * x * self.inv

    def backward(self, dy):
        self.gain.grad += np.sum(dy * self.x * self.inv, axis=0)
        dxn = dy * self.gain.value
        return dxn * self.inv - self.x * self.inv ** 3 * np.mean(dxn * self.x, axis=1, keepdims=True)


class Attention:
    def __init__(self, dim, rng):
        self.query, self.key, self.values, self.out = (Param(rng.normal(0, dim ** -0.5, (dim, dim))) for _ in range(4))

    def __call__(self, x):
        self.x = x
        self.q, self.k, self.v = x @ self.query.value, x @ self.key.value, x @ self.values.value
        scores = self.q @ self.k.T * x.shape[1] ** -0.5
        scores[np.triu_indices(len(x), 1)] = -np.inf
        self.att = np.exp(scores - scores.max(axis=1, keepdims=True))
        self.att /= self.att.sum(axis=1, keepdims=True)
        self.mixed = self.att @ self.v
        return self.mixed @ self.out.value

    def backward(self, dy):
        self.out.grad += self.mixed.T @ dy
        dmixed = dy @ self.out.value.T
        datt = dmixed @ self.v.T
        dv = self.att.T @ dmixed
        dscores = self.att * (datt - np.sum(self.att * datt, axis=1, keepdims=True))
        dscores *= self.x.shape[1] ** -0.5
        dq = dscores @ self.k
        dk = dscores.T @ self.q
        self.query.grad += self.x.T @ dq
        self.key.grad += self.x.T @ dk
        self.values.grad += self.x.T @ dv
        return dq @ self.query.value.T + dk @ self.key.value.T + dv @ self.values.value.T


class FeedForward:
    def __init__(self, dim, rng):
        self.up = Param(rng.normal(0, dim ** -0.5, (dim, 2 * dim)))
        self.down = Param(rng.normal(0, dim ** -0.5, (2 * dim, dim)))

    def __call__(self, x):
        self.x = x
        self.r = np.maximum(x @ self.up.value, 0)
        return self.r ** 2 @ self.down.value

    def backward(self, dy):
        self.down.grad += (self.r ** 2).T @ dy
        dr = 2 * self.r * (dy @ self.down.value.T)
        self.up.grad += self.x.T @ dr
        return dr @ self.up.value.T


class TinyGPT:
    def __init__(self, vocab, context, dim, depth, seed=0):
        rng = np.random.default_rng(seed)
        self.tok = Param(rng.normal(0, 0.5, (vocab, dim)))
        self.pos = Param(rng.normal(0, 0.5, (context, dim)))
        self.blocks = [(Norm(dim), Attention(dim, rng), Norm(dim), FeedForward(dim, rng)) for _ in range(depth)]
        self.norm = Norm(dim)
        self.head = Param(rng.normal(0, dim ** -0.5, (dim, vocab)))

    def parameters(self):
        found = [self.tok, self.pos, self.norm.gain, self.head]
        for n1, att, n2, ff in self.blocks:
            found += [n1.gain, att.query, att.key, att.values, att.out, n2.gain, ff.up, ff.down]
        return found

    def loss(self, tokens):
        """Mean cross-entropy of predicting each next token."""
        self.ids, self.targets = tokens[:-1], tokens[1:]
        x = self.tok.value[self.ids] + self.pos.value[:len(self.ids)]
        for n1, att, n2, ff in self.blocks:
            x = x + att(n1(x))
            x = x + ff(n2(x))
        self.final = self.norm(x)
        logits = self.final @ self.head.value
        logits -= logits.max(axis=1, keepdims=True)
        self.logp = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return -self.logp[np.arange(len(self.targets)), self.targets].mean()

    def backward(self):
        for p in self.parameters():
            p.grad = np.zeros_like(p.value)
        T = len(self.targets)
        d = np.exp(self.logp)
        d[np.arange(T), self.targets] -= 1
        d /= T
        self.head.grad += self.final.T @ d
        dx = self.norm.backward(d @ self.head.value.T)
        for n1, att, n2, ff in reversed(self.blocks):
            dx = dx + n2.backward(ff.backward(dx))
            dx = dx + n1.backward(att.backward(dx))
        np.add.at(self.tok.grad, self.ids, dx)
        self.pos.grad[:T] += dx
