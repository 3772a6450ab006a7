import numpy as np


def _weights(Q, K, key_mask):
    s = np.einsum("bqd,bkd->bqk", Q, K) / np.sqrt(Q.shape[-1])
    if key_mask is not None:
        s = np.where(key_mask[:, None, :], s, -np.inf)
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def attention(Q, K, V, key_mask=None):
    """Q (B, Tq, d), K (B, Tk, d), V (B, Tk, dv); key_mask (B, Tk), False = hidden."""
    return np.einsum("bqk,bkv->bqv", _weights(Q, K, key_mask), V)


def attention_grad(dO, Q, K, V, key_mask=None):
    A = _weights(Q, K, key_mask)
    dV = np.einsum("bqk,bqv->bkv", A, dO)
    dA = np.einsum("bqv,bkv->bqk", dO, V)
    inner = np.sum(dA * A, axis=-1, keepdims=True)
    dS = A * (dA - inner)
    dS = dS / np.sqrt(Q.shape[-1])
    dQ = np.einsum("bqk,bkd->bqd", dS, K)
    dK = np.einsum("bqk,bqd->bkd", dS, Q)
    return dQ, dK, dV
