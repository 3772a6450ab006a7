r"""Averaged weights (Polyak and Juditsky, 1992), by exponential weights: what is evaluated and kept is the mean of the
weights after every update so far, the one i updates back counting d^i.

After update t = 0, 1, ... that mean is a = sum_i d^i p_(t-i) / sum_i d^i. With S_t = 1 + d + ... + d^t, so that
S_t = 1 + d S_(t-1), it is (p_t + d S_(t-1) a') / S_t of the mean a' before: the mean keeps

    d S_(t-1) / S_t = (d - d^(t+1)) / (1 - d^(t+1))

of itself, nothing at t = 0, and nearly d later. So it never holds the weights that training began with, as it would
with a constant d. Training itself goes on from the weights, never from their mean. Batch norm's running values are
averaged alike, as they belong to the weights.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainrule.nn.network import Parameters


def kept(t: int, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """What means keep of themselves in update ``t``, of the members' d (P,).

    >>> [round(kept(t, np.array([0.5])).item(), 4) for t in range(3)]
    [0.0, 0.3333, 0.4286]
    """
    power = shares ** (t + 1)
    share: NDArray[np.float64] = (shares - power) / (1 - power)
    return share


def average(
    means: Parameters, now: Parameters, t: int, shares: NDArray[np.float64], moves: NDArray[np.bool_] | None
) -> None:
    """Move the means in place, after update ``t`` to the parameters ``now``.

    Args:
        means, now: P members'.
        t: updates before.
        shares: the members' d, (P,); the mean is what there is now where that is 0.
        moves: whom the minibatch moved, (P,) or (1,); means of the others stay. None: all.

    >>> means = {"b1": np.array([[9.0]])}
    >>> for t, now in enumerate([4.0, 1.0]):
    ...     average(means, {"b1": np.array([[now]])}, t, np.array([0.5]), None)
    >>> means["b1"].item()  # (1 + 0.5 * 4) / 1.5
    2.0
    """
    keep = kept(t, shares)
    if moves is not None:
        keep = np.where(moves, keep, 1.0)
    for name, mean in means.items():
        own = keep.astype(mean.dtype).reshape(-1, *[1] * (mean.ndim - 1))
        np.multiply(mean, own, out=mean)
        np.add(mean, (1 - own) * now[name], out=mean)
