"""Attention

Queries, keys and values each get a product, and in between stands the softmax of every row. The root of the width is
left out on one side (`wrong-factor`), the softmax's sum runs along the columns (`wrong-axis`), a transpose is missing
where keys and queries are as many (`transposed`), or what the mask hides gets a gradient (`mask-missing`).
"""

import numpy as np


def softmax(s):
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def attention_forward(q, k, v):
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    A = softmax(scores)
    return A @ v, (q, k, v, A)


def attention_backward(dout, cache):
    q, k, v, A = cache
    dv = A.transpose(0, 2, 1) @ dout
    dA = dout @ v.transpose(0, 2, 1)
    dscores = A * (dA - (dA * A).sum(axis=-1, keepdims=True))
    dq = dscores @ k
    dk = dscores.transpose(0, 2, 1) @ q
    return dq, dk, dv
