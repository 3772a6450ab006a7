from typing import Dict, Optional

import numpy as np


class LayerNorm:
    def __init__(self, dim: int, eps: float = 1e-5):
        self.eps = eps
        self.params: Dict[str, np.ndarray] = {"scale": np.ones(dim), "shift": np.zeros(dim)}
        self.grads: Dict[str, np.ndarray] = {}
        self._norm: Optional[np.ndarray] = None
        self._inv: Optional[np.ndarray] = None

    def forward(self, x: np.ndarray) -> np.ndarray:
        centered = x - x.mean(axis=-1, keepdims=True)
        var = (centered * centered).mean(axis=-1, keepdims=True)
        self._inv = 1.0 / np.sqrt(var + self.eps)
        self._norm = centered * self._inv
        return self._norm * self.params["scale"] + self.params["shift"]

    def backward(self, dout: np.ndarray) -> np.ndarray:
        self.grads["scale"] = (dout * self._norm).sum(axis=(0, 1))
        self.grads["shift"] = dout.sum(axis=(0, 1))
        dnorm = dout * self.params["scale"]
        mean_d = dnorm.mean(axis=-1, keepdims=True)
        mean_dn = (dnorm * self._norm).mean(axis=-1, keepdims=True)
        return (dnorm - mean_d - self._norm * mean_dn) * self._inv
