r"""Dropout of hidden units (Srivastava, 2014): h_nk, behind the activation, is 0 with probability q, else
h_nk / (1 - q).

With m_nk = [kept] / (1 - q), whose mean is 1, forward is h m, element by element. m depends on no parameter, so that
dJ/dh = m dJ/d(h m): backward is the same product. Evaluation leaves all units in, at the mean.

What is drawn belongs to (seed, layer, update), by :func:`chainrule.rng.counted`: the number k N + n of that stream
decides on unit k for sample n, the same for all members of a seed, whatever their q.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike, NDArray

from chainrule.arrays import Array
from chainrule.rng import counted


def mask(
    seeds: Sequence[int],
    layer: int,
    update: int,
    shape: tuple[int, int],
    shares: NDArray[np.float64],
    dtype: DTypeLike,
) -> Array:
    """m of every member, (P, N, K).

    Args:
        seeds: of the members.
        layer: which one's units, from 1 on.
        update: which, from 0 on.
        shape: N samples, K units.
        shares: the members' q, (P,).
        dtype: of m.

    >>> two = mask([7, 7], 1, 0, (2, 5), np.array([0.5, 0.0]), np.float64)
    >>> sorted(set(two[0].ravel().tolist())), set(two[1].ravel().tolist())
    ([0.0, 2.0], {1.0})
    """
    samples, units = shape
    own = {seed: counted(seed, "dropout", layer, update, units * samples) for seed in dict.fromkeys(seeds)}
    # One seed's are drawn, and spread over members, once.
    drawn = np.stack(list(own.values()) if len(own) == 1 else [own[seed] for seed in seeds])
    kept = drawn >= (shares * 2.0**32).astype(np.uint32)[:, np.newaxis]
    scaled: Array = kept * (1 / (1 - shares)).astype(dtype)[:, np.newaxis]
    return scaled.reshape(len(shares), units, samples).transpose(0, 2, 1)


def forward(h: Array, m: Array) -> Array:
    """h m, in an array of its own: what the activation keeps stays; both (P, N, K).

    >>> forward(np.array([[[3.0, 4.0]]]), np.array([[[0.0, 2.0]]])).tolist()
    [[[0.0, 8.0]]]
    """
    out: Array = h * m
    return out


def backward(dout: Array, m: Array) -> Array:
    """dJ/dh from dJ/d(h m), (P, N, K).

    >>> backward(np.array([[[1.0, 1.0]]]), np.array([[[0.0, 2.0]]])).tolist()
    [[[0.0, 2.0]]]
    """
    dh: Array = dout * m
    return dh
