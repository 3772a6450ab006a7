"""Which parameters the file itself takes a step with what a function gives: seen by how they have changed when it is
called the next time, in whatever way the step is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.recognition.layers import places
from chainrule.gradcheck.recognition.layers.places import ArrayPlace

_CLOSE = 1e-6


def stepped(
    gradients: Sequence[ArrayPlace], candidates: Sequence[ArrayPlace], later: Mapping[str, Any]
) -> dict[str, ArrayPlace]:
    """By the expression of each gradient, the array that a step against it has changed.

    Args:
        gradients: what a function gives.
        candidates: the arrays that it was called with.
        later: what it was called with the next time.
    """
    now = {place.text: place.array for place in places.of_object(SimpleNamespace(**later), "own")}
    found = {}
    for gradient in gradients:
        moved = [c for c in candidates if c.text in now and _is_step(c.array, now[c.text], gradient.array)]
        if len(moved) == 1:
            found[gradient.text] = moved[0]
    return found


def _is_step(before: Array, after: Array, gradient: Array) -> bool:
    """Whether an array has gone some way straight against a gradient."""
    if before.shape != after.shape or before.shape != gradient.shape:
        return False
    way, length = after - before, float(np.vdot(gradient, gradient))
    if not length or not way.any():
        return False
    rate = -float(np.vdot(way, gradient)) / length
    return rate > 0 and bool(np.allclose(way, -rate * gradient, rtol=0, atol=_CLOSE * np.abs(way).max()))
