from typing import Optional, Tuple

import numpy as np


def softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def attention_forward(
    q: np.ndarray, k: np.ndarray, v: np.ndarray, mask: Optional[np.ndarray] = None
) -> Tuple[np.ndarray, tuple]:
    """Scaled dot-product attention.

    q: (B, Tq, Dk), k: (B, Tk, Dk), v: (B, Tk, Dv),
    mask: booleans that broadcast to (B, Tq, Tk), True where a key may be seen.
    """
    scale = 1.0 / np.sqrt(q.shape[-1])
    scores = q @ k.transpose(0, 2, 1) * scale
    if mask is not None:
        scores = np.where(mask, scores, -1e9)
    attn = softmax(scores)
    out = attn @ v
    return out, (q, k, v, attn, scale)


def attention_backward(dout: np.ndarray, cache: tuple) -> Tuple[np.ndarray, ...]:
    q, k, v, attn, scale = cache
    dv = attn.transpose(0, 2, 1) @ dout
    dattn = dout @ v.transpose(0, 2, 1)
    # rows of attn sum to one: the softmax's Jacobian is diag(a) - a a^T
    dscores = attn * (dattn - np.sum(dattn * attn, axis=-1, keepdims=True))
    dscores = dscores * scale
    dq = dscores @ k
    dk = dscores.transpose(0, 2, 1) @ q
    return dq, dk, dv
