"""Generators that a file makes without a seed: they take theirs from a stream of their own that begins anew with
NumPy's generator, so that a dropout with a new one each time can be asked to drop the same units again."""

from __future__ import annotations

from typing import Any

import numpy as np

STREAM = np.random.RandomState(0)
"""From it comes the seed of each: not from NumPy's generator, whose numbers are those that a file draws itself."""

_default_rng, _seed = np.random.default_rng, np.random.seed


def follow_seed() -> None:
    """Let every generator of this process that is given no seed follow ``np.random.seed``."""
    np.random.default_rng, np.random.seed = _following, _seeded


def _following(seed: Any = None) -> np.random.Generator:
    return _default_rng(STREAM.randint(2**31) if seed is None else seed)


def _seeded(seed: Any = None) -> None:
    _seed(seed)
    STREAM.seed(seed)
