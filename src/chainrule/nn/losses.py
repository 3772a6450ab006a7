r"""Losses over scores: softmax cross-entropy and the multi-class hinge, forward and backward together.

Both take scores s (P, N, K) and labels y (N,), and give each sample's loss (P, N). ``backward`` gives the gradient
of the mean over the N samples, dJ/ds (P, N, K).
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array

Labels = NDArray[np.integer[Any]]


class Loss(Protocol):
    """A loss: ``forward(s, y)`` gives (losses (P, N), cache), ``backward(cache)`` gives dJ/ds (P, N, K)."""

    def forward(self, s: Array, y: Labels) -> tuple[Array, Any]:
        """Each sample's loss (P, N), and what backward needs."""

    def backward(self, cache: Any) -> Array:
        """Gradient (P, N, K) of the mean loss over the N samples."""


class CrossEntropyCache(NamedTuple):
    """Probabilities (P, N, K) and labels (N,)."""

    p: Array
    y: Labels


class CrossEntropy:
    r"""Softmax cross-entropy, l = -log p_y with p = softmax(s).

    l = log(sum_j exp s_j) - s_y, so dl/ds_k = exp(s_k) / sum_j exp(s_j) - [k = y] = p_k - [k = y]. The largest
    score is subtracted first: it cancels in p and keeps exp from overflowing.
    """

    def forward(self, s: Array, y: Labels) -> tuple[Array, CrossEntropyCache]:
        """Losses (P, N) of scores s (P, N, K) and labels y (N,)."""
        z = s - s.max(axis=2, keepdims=True)
        z_y = z[:, np.arange(len(y)), y]
        p = np.exp(z, out=z)
        total = p.sum(axis=2)
        p /= total[:, :, np.newaxis]
        return np.log(total) - z_y, CrossEntropyCache(p, y)

    def backward(self, cache: CrossEntropyCache) -> Array:
        """(p - onehot(y)) / N, (P, N, K); uses the cache up."""
        p, y = cache
        p[:, np.arange(len(y)), y] -= 1
        p /= len(y)
        return p


class HingeCache(NamedTuple):
    """Margins (P, N, K), 0 at the label, and labels (N,)."""

    margins: Array
    y: Labels


class Hinge:
    r"""Multi-class hinge, l = sum over j != y of max(0, s_j - s_y + 1) (Weston and Watkins, 1999).

    dl/ds_j = [s_j - s_y + 1 > 0] for j != y. s_y stands in each of these terms with a minus, so
    dl/ds_y = -(number of terms above 0). PyTorch's multi_margin_loss divides by K as well.
    """

    def forward(self, s: Array, y: Labels) -> tuple[Array, HingeCache]:
        """Losses (P, N) of scores s (P, N, K) and labels y (N,)."""
        samples = np.arange(len(y))
        margins = s - s[:, samples, y][:, :, np.newaxis]
        margins += 1
        np.maximum(margins, 0, out=margins)
        margins[:, samples, y] = 0
        return margins.sum(axis=2), HingeCache(margins, y)

    def backward(self, cache: HingeCache) -> Array:
        """([margin > 0] - onehot(y) * count) / N, (P, N, K)."""
        margins, y = cache
        ds = (margins > 0).astype(margins.dtype)
        ds[:, np.arange(len(y)), y] = -ds.sum(axis=2)
        ds /= len(y)
        return ds


LOSSES: dict[str, Loss] = {"cross_entropy": CrossEntropy(), "hinge": Hinge()}
"""Every loss by the name that settings use."""
