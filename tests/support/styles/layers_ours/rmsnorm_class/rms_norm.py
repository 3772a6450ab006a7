from __future__ import annotations

import numpy as np


class RMSNorm:
    """y = x / rms(x) * weight, rms over the last axis."""

    def __init__(self, dim: int, eps: float = 1e-6) -> None:
        self.dim = dim
        self.eps = eps
        self.weight = np.ones(dim)
        self.grad_weight = np.zeros(dim)
        self._cache: tuple[np.ndarray, np.ndarray] | None = None

    def zero_grad(self) -> None:
        self.grad_weight = np.zeros(self.dim)

    def forward(self, x: np.ndarray) -> np.ndarray:
        ms = np.mean(x ** 2, axis=-1, keepdims=True)
        inv_rms = 1.0 / np.sqrt(ms + self.eps)
        self._cache = (x, inv_rms)
        return x * inv_rms * self.weight

    def backward(self, grad: np.ndarray) -> np.ndarray:
        assert self._cache is not None, "forward first"
        x, inv_rms = self._cache
        normed = x * inv_rms
        lead = tuple(range(grad.ndim - 1))
        self.grad_weight += np.sum(grad * normed, axis=lead)
        gw = grad * self.weight
        dot = np.sum(gw * normed, axis=-1, keepdims=True)
        return inv_rms * (gw - normed * dot / self.dim)
