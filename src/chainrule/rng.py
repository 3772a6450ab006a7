"""Keyed random streams: what is drawn depends on its key, never on what was drawn before.

A stream belongs to (seed, purpose, index): the init of layer 2, the minibatch order of epoch 7. So members of
one seed start from the same draws whatever their settings, and leaving one out changes nothing for another.
"""

from __future__ import annotations

import hashlib

import numpy as np


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
    word = int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:8], "little")
    return np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence([seed, word, index])))
