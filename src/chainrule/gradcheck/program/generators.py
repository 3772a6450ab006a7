"""Generators of random numbers, and the states that they can be put back to."""

from __future__ import annotations

from typing import Any

import numpy as np

NumberGenerator = np.random.Generator | np.random.RandomState


def state_of(generator: NumberGenerator) -> Any:
    """Where it is.

    >>> generator = np.random.default_rng(0)
    >>> state = state_of(generator)
    >>> first = generator.random()
    >>> put_state(generator, state)
    >>> generator.random() == first
    True
    """
    if isinstance(generator, np.random.RandomState):
        return generator.get_state()
    return generator.bit_generator.state


def put_state(generator: NumberGenerator, state: Any) -> None:
    """Put it back to where it was."""
    if isinstance(generator, np.random.RandomState):
        generator.set_state(state)
    else:
        generator.bit_generator.state = state
