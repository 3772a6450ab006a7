"""Keyed random streams: what is drawn depends on its key, never on what was drawn before.

A stream belongs to (seed, purpose, index): the init of layer 2, the minibatch order of epoch 7. So members of
one seed start from the same draws whatever their settings, and leaving one out changes nothing for another.
"""

from __future__ import annotations

import functools
import hashlib

import numpy as np
from numpy.typing import NDArray


def stream(seed: int, purpose: str, index: int = 0) -> np.random.Generator:
    """The generator of (``seed``, ``purpose``, ``index``), at its start.

    Args:
        seed: the run's seed, not negative.
        purpose: what the numbers are for, such as ``"W"`` or ``"order"``.
        index: which of them, such as the layer or the epoch, not negative.

    >>> first = stream(0, "W", 1).standard_normal(3)
    >>> bool((stream(0, "W", 1).standard_normal(3) == first).all())  # the same key, the same numbers
    True
    >>> bool((stream(0, "W", 2).standard_normal(3) == first).any())
    False
    """
    sequence = np.random.SeedSequence([seed, _word(purpose), index])
    return np.random.Generator(np.random.PCG64DXSM(sequence))


def counted(seed: int, purpose: str, index: int, step: int, count: int) -> NDArray[np.uint32]:
    """``count`` random numbers, each of 32 bits, of (``seed``, ``purpose``, ``index``, ``step``), for what is drawn
    anew in every step: by Philox 4x64 (Salmon, 2011), which makes number i of i and a key alone. NumPy promises its
    bits.

    Args:
        seed, purpose: as :func:`stream` has them; they are the key.
        index: such as the layer, not negative.
        step: which update, not negative.
        count: more of them begin with the same ones.

    >>> counted(0, "dropout", 1, 5, count=3).tolist() == counted(0, "dropout", 1, 5, count=9)[:3].tolist()
    True
    """
    generator = np.random.Philox(key=key(seed, purpose), counter=np.array([0, 0, index, step], np.uint64))
    return generator.random_raw(-(-count // 2)).astype("<u8").view("<u4")[:count]


@functools.lru_cache(maxsize=1024)
def key(seed: int, purpose: str) -> NDArray[np.uint64]:
    """The key of :func:`counted`, (2,).

    >>> key(0, "dropout").shape
    (2,)
    """
    return np.random.SeedSequence([seed, _word(purpose)]).generate_state(2, np.uint64).astype(np.uint64)


def _word(purpose: str) -> int:
    return int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:8], "little")
