r"""Multi-class hinge, l = sum over j != y of max(0, s_j - s_y + 1) (Weston and Watkins, 1999).

dl/ds_j = [s_j - s_y + 1 > 0] for j != y. s_y stands in each of these terms with a minus, so
dl/ds_y = -(number of terms above 0). The cost is the mean over the N samples, so dJ/ds = dl/ds / N. PyTorch's
multi_margin_loss divides by K too.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array, Labels
from chainrule.components.kinds import Loss


class HingeCache(NamedTuple):
    """Margins (P, N, K), 0 at the label, and labels (N,)."""

    margins: Array
    y: Labels


def forward(s: Array, y: Labels) -> tuple[Array, HingeCache]:
    """Losses (P, N) of scores s (P, N, K) and labels y (N,).

    The label's score is 2; 1.5 comes closer to it than 1 and costs 0.5, 3 lies above it and costs 2:

    >>> losses, cache = forward(np.array([[[2.0, 1.5, 0.0, 3.0]]]), np.array([0]))
    >>> losses.tolist(), cache.margins.tolist()
    ([[2.5]], [[[0.0, 0.5, 0.0, 2.0]]])
    """
    samples = np.arange(len(y))
    margins = s - s[:, samples, y][:, :, np.newaxis]
    margins += 1
    np.maximum(margins, 0, out=margins)
    margins[:, samples, y] = 0
    return margins.sum(axis=2), HingeCache(margins, y)


def backward(cache: HingeCache) -> Array:
    """([margin > 0] - onehot(y) * count) / N, (P, N, K).

    Two terms are above 0, so the label's score has -2:

    >>> backward(forward(np.array([[[2.0, 1.5, 0.0, 3.0]]]), np.array([0]))[1]).tolist()
    [[[-2.0, 1.0, 0.0, 1.0]]]
    """
    margins, y = cache
    ds = (margins > 0).astype(margins.dtype)
    ds[:, np.arange(len(y)), y] = -ds.sum(axis=2)
    ds /= len(y)
    return ds


def active(cache: HingeCache) -> Array:
    """Which terms are above 0, (P, N, K).

    >>> active(forward(np.array([[[2.0, 1.5, 0.0, 3.0]]]), np.array([0]))[1]).tolist()
    [[[False, True, False, True]]]
    """
    return np.asarray(cache.margins > 0)


HINGE = Loss(
    name="hinge",
    about="multi-class hinge, the sum over the wrong classes of max(0, s_j - s_y + 1)",
    forward=forward,
    backward=backward,
    kernel="hinge",
    pieces=active,
)
