import numpy as np


class Linear:
    def __init__(self, n_in, n_out, rng):
        self.W = rng.normal(0, 0.02, (n_in, n_out))
        self.b = np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        flat = dout.reshape(-1, dout.shape[-1])
        self.dW = self.x.reshape(-1, self.x.shape[-1]).T @ flat
        self.db = flat.sum(axis=0)
        return dout @ self.W.T

    def params(self):
        return [(self, "W"), (self, "b")]


class LayerNorm:
    def __init__(self, n, eps=1e-5):
        self.gamma = np.ones(n)
        self.beta = np.zeros(n)
        self.eps = eps

    def forward(self, x):
        mu = x.mean(axis=-1, keepdims=True)
        self.std = np.sqrt(x.var(axis=-1, keepdims=True) + self.eps)
        self.xhat = (x - mu) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, dout):
        axes = tuple(range(dout.ndim - 1))
        self.dgamma = (dout * self.xhat).sum(axis=axes)
        self.dbeta = dout.sum(axis=axes)
        dxhat = dout * self.gamma
        return (dxhat - dxhat.mean(-1, keepdims=True)
                - self.xhat * (dxhat * self.xhat).mean(-1, keepdims=True)) / self.std

    def params(self):
        return [(self, "gamma"), (self, "beta")]


class Embedding:
    def __init__(self, n, d, rng):
        self.W = rng.normal(0, 0.02, (n, d))

    def forward(self, idx):
        self.idx = idx
        return self.W[idx]

    def backward(self, dout):
        self.dW = np.zeros_like(self.W)
        np.add.at(self.dW, self.idx, dout)

    def params(self):
        return [(self, "W")]


class GELU:
    C = np.sqrt(2 / np.pi)

    def forward(self, x):
        self.x = x
        self.t = np.tanh(self.C * (x + 0.044715 * x ** 3))
        return 0.5 * x * (1 + self.t)

    def backward(self, dout):
        x, t = self.x, self.t
        dt = (1 - t ** 2) * self.C * (1 + 3 * 0.044715 * x ** 2)
        return dout * (0.5 * (1 + t) + 0.5 * x * dt)


class CausalSelfAttention:
    def __init__(self, d, heads, rng):
        self.heads = heads
        self.q = Linear(d, d, rng)
        self.k = Linear(d, d, rng)
        self.v = Linear(d, d, rng)
        self.o = Linear(d, d, rng)

    def _split(self, x):
        B, T, C = x.shape
        return x.reshape(B, T, self.heads, C // self.heads).transpose(0, 2, 1, 3)

    def _join(self, x):
        B, H, T, dh = x.shape
        return x.transpose(0, 2, 1, 3).reshape(B, T, H * dh)

    def forward(self, x):
        self.Q, self.K, self.V = (self._split(f.forward(x)) for f in (self.q, self.k, self.v))
        T = x.shape[1]
        self.scale = 1.0 / np.sqrt(self.Q.shape[-1])
        S = np.matmul(self.Q, self.K.swapaxes(-1, -2)) * self.scale
        S = np.where(np.triu(np.ones((T, T)), k=1) == 1, -1e9, S)
        E = np.exp(S - S.max(axis=-1, keepdims=True))
        self.A = E / E.sum(axis=-1, keepdims=True)
        return self.o.forward(self._join(np.matmul(self.A, self.V)))

    def backward(self, dout):
        dH = self._split(self.o.backward(dout))
        dA = np.matmul(dH, self.V.swapaxes(-1, -2))
        dV = np.matmul(self.A.swapaxes(-1, -2), dH)
        dS = self.A * (dA - np.sum(dA * self.A, axis=-1, keepdims=True)) * self.scale
        dQ = np.matmul(dS, self.K)
        dK = np.matmul(dS.swapaxes(-1, -2), self.Q)
        dx = self.q.backward(self._join(dQ))
        dx = dx + self.k.backward(self._join(dK))
        dx = dx + self.v.backward(self._join(dV))
        return dx

    def params(self):
        return [p for f in (self.q, self.k, self.v, self.o) for p in f.params()]


class Block:
    def __init__(self, d, heads, rng):
        self.ln1 = LayerNorm(d)
        self.attn = CausalSelfAttention(d, heads, rng)
        self.ln2 = LayerNorm(d)
        self.fc = Linear(d, 4 * d, rng)
        self.act = GELU()
        self.proj = Linear(4 * d, d, rng)

    def forward(self, x):
        x = x + self.attn.forward(self.ln1.forward(x))
        return x + self.proj.forward(self.act.forward(self.fc.forward(self.ln2.forward(x))))

    def backward(self, dout):
        dx = dout + self.ln2.backward(self.fc.backward(self.act.backward(self.proj.backward(dout))))
        return dx + self.ln1.backward(self.attn.backward(dx))

    def params(self):
        return [p for m in (self.ln1, self.attn, self.ln2, self.fc, self.proj) for p in m.params()]


class GPT:
    def __init__(self, vocab_size=48, block_size=16, n_layer=2, n_head=4, n_embd=20, seed=0):
        rng = np.random.default_rng(seed)
        self.tok = Embedding(vocab_size, n_embd, rng)
        self.pos = Embedding(block_size, n_embd, rng)
        self.blocks = [Block(n_embd, n_head, rng) for _ in range(n_layer)]
        self.ln_f = LayerNorm(n_embd)
        self.head = Linear(n_embd, vocab_size, rng)

    def forward(self, idx, targets):
        B, T = idx.shape
        x = self.tok.forward(idx) + self.pos.forward(np.arange(T))
        for block in self.blocks:
            x = block.forward(x)
        logits = self.head.forward(self.ln_f.forward(x))
        z = logits - logits.max(axis=-1, keepdims=True)
        self.probs = np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
        self.targets = targets
        p = self.probs.reshape(B * T, -1)[np.arange(B * T), targets.reshape(-1)]
        return -np.mean(np.log(p))

    def backward(self):
        B, T, V = self.probs.shape
        d = self.probs.reshape(B * T, V).copy()
        d[np.arange(B * T), self.targets.reshape(-1)] -= 1
        d = (d / (B * T)).reshape(B, T, V)
        dx = self.ln_f.backward(self.head.backward(d))
        for block in reversed(self.blocks):
            dx = block.backward(dx)
        self.tok.backward(dx)
        self.pos.backward(dx.sum(axis=0))

    def params(self):
        modules = [self.tok, self.pos, *self.blocks, self.ln_f, self.head]
        return [p for m in modules for p in m.params()]


if __name__ == "__main__":
    model = GPT()
    rng = np.random.default_rng(1)
    text = rng.integers(0, 48, size=4000)
    for step in range(50):
        i = rng.integers(0, len(text) - 17, size=4)
        xb = np.stack([text[j:j + 16] for j in i])
        yb = np.stack([text[j + 1:j + 17] for j in i])
        loss = model.forward(xb, yb)
        model.backward()
        for m, name in model.params():
            w = getattr(m, name)
            w -= 0.1 * getattr(m, "d" + name)
        print(step, loss)
