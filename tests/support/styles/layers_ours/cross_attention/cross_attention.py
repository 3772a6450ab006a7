import numpy as np


class Parameter:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class CrossAttention:
    """A decoder's x (B, S, C) looks at an encoder's memory (B, T, M); y = x + attention."""

    def __init__(self, C, M, heads, dim, seed=None):
        rng = np.random.default_rng(seed)
        self.dim = dim
        self.wq = Parameter(rng.normal(size=(heads, C, dim)) * C ** -0.5)
        self.wk = Parameter(rng.normal(size=(heads, M, dim)) * M ** -0.5)
        self.wv = Parameter(rng.normal(size=(heads, M, dim)) * M ** -0.5)
        self.wo = Parameter(rng.normal(size=(heads, dim, C)) * (heads * dim) ** -0.5)

    def parameters(self):
        return [self.wq, self.wk, self.wv, self.wo]

    def forward(self, x, memory, memory_mask):
        q = np.einsum("bsc,hcd->bhsd", x, self.wq.value)
        k = np.einsum("btm,hmd->bhtd", memory, self.wk.value)
        v = np.einsum("btm,hmd->bhtd", memory, self.wv.value)
        logits = np.einsum("bhsd,bhtd->bhst", q, k) * self.dim ** -0.5
        logits = np.where(memory_mask[:, None, None, :], logits, -np.inf)
        w = np.exp(logits - logits.max(axis=3, keepdims=True))
        w /= w.sum(axis=3, keepdims=True)
        z = np.einsum("bhst,bhtd->bhsd", w, v)
        self.saved = x, memory, q, k, v, w, z
        return x + np.einsum("bhsd,hdc->bsc", z, self.wo.value)

    def backward(self, dy):
        x, memory, q, k, v, w, z = self.saved
        self.wo.grad += np.einsum("bhsd,bsc->hdc", z, dy)
        dz = np.einsum("bsc,hdc->bhsd", dy, self.wo.value)

        dw = np.einsum("bhsd,bhtd->bhst", dz, v)
        dv = np.einsum("bhst,bhsd->bhtd", w, dz)
        dlogits = w * (dw - np.einsum("bhst,bhst->bhs", dw, w)[..., None])
        dlogits *= self.dim ** -0.5
        dq = np.einsum("bhst,bhtd->bhsd", dlogits, k)
        dk = np.einsum("bhst,bhsd->bhtd", dlogits, q)

        self.wq.grad += np.einsum("bsc,bhsd->hcd", x, dq)
        self.wk.grad += np.einsum("btm,bhtd->hmd", memory, dk)
        self.wv.grad += np.einsum("btm,bhtd->hmd", memory, dv)
        dx = dy + np.einsum("bhsd,hcd->bsc", dq, self.wq.value)
        dmemory = np.einsum("bhtd,hmd->btm", dk, self.wk.value)
        dmemory += np.einsum("bhtd,hmd->btm", dv, self.wv.value)
        return dx, dmemory
