r"""Gradients that are no longer than they may be (Pascanu, 2013): a member's whole gradient g, of all its parameters
together, becomes g min(1, c / |g|), of the same direction. The penalty is part of g, decay apart from it is not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule.nn.network import Parameters


def clip(gradients: Parameters, longest: NDArray[np.float64]) -> None:
    """Shorten the gradient of every member in place to its c of ``longest`` (P,); where that is 0, it may be any.

    >>> gradients = {"W1": np.array([[3.0], [3.0], [0.3]]), "b1": np.array([[4.0], [4.0], [0.4]])}
    >>> clip(gradients, np.array([1.0, 0.0, 1.0]))
    >>> gradients["W1"].ravel().tolist(), gradients["b1"].round(6).ravel().tolist()
    ([0.6000000000000001, 3.0, 0.3], [0.8, 4.0, 0.4])
    """
    rows = [gradient.reshape(len(gradient), -1) for gradient in gradients.values()]
    norm = np.sqrt(np.sum([np.einsum("pi,pi->p", row, row, dtype=np.float64) for row in rows], axis=0))
    share = np.ones(len(longest))
    np.divide(longest, norm, out=share, where=(longest > 0) & (norm > longest))
    for gradient in gradients.values():
        own = share.astype(gradient.dtype).reshape(-1, *[1] * (gradient.ndim - 1))
        np.multiply(gradient, own, out=gradient)
