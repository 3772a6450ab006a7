"""Generators that a file makes without a seed: they begin where NumPy's own generator is, so that a dropout with a new
one each time can be asked to drop the same units again."""

from __future__ import annotations

from typing import Any

import numpy as np

_default_rng = np.random.default_rng


def follow_seed() -> None:
    """Let every generator of this process that is given no seed follow ``np.random.seed``."""
    np.random.default_rng = _following


def _following(seed: Any = None) -> np.random.Generator:
    return _default_rng(np.random.randint(2**31) if seed is None else seed)  # noqa: NPY002
