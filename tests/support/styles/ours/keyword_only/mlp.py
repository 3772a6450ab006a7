"""A modern little net: type hints, keyword-only settings."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Layer = tuple[Array, Array]


def forward(params: Sequence[Layer], x: Array) -> tuple[list[Array], Array]:
    hs = [x]
    for w, b in params[:-1]:
        hs.append(np.tanh(hs[-1] @ w + b))
    w, b = params[-1]
    logits = hs[-1] @ w + b
    logits = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return hs, logits


def loss(params: Sequence[Layer], x: Array, y: Array, *, reg: float = 0.0) -> float:
    _, log_p = forward(params, x)
    data = -np.take_along_axis(log_p, y[:, None], axis=1).mean()
    return float(data + 0.5 * reg * sum((w**2).sum() for w, _ in params))


def grad(params: Sequence[Layer], x: Array, y: Array, *, reg: float = 0.0) -> list[Layer]:
    hs, log_p = forward(params, x)
    delta = np.exp(log_p)
    delta[np.arange(len(y)), y] -= 1.0
    delta /= len(y)
    out: list[Layer] = []
    for (w, _), h in zip(reversed(params), reversed(hs)):
        out.append((h.T @ delta + reg * w, delta.sum(axis=0)))
        delta = (delta @ w.T) * (1.0 - h**2)
    return out[::-1]
