"""Expressions of Python, as adapters write them."""

from typing import Any

import numpy as np


def value_of(expression: str) -> Any:
    """What an expression gives where NumPy and a generator are at hand."""
    world = {"rng": np.random.default_rng(0), "np": np}
    exec(f"value = {expression}", world)
    return world["value"]
