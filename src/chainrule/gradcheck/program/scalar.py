"""The number that a cost gives."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.errors import CheckError


def scalar(value: Any) -> complex:
    """The cost as a number; the first of a tuple, as in ``return cost, loss``.

    Raises:
        CheckError: it is no single number, or not finite.
    """
    first = value[0] if isinstance(value, tuple) and value else value
    try:
        array = np.asarray(first)
    except (TypeError, ValueError):
        array = np.asarray(None)
    if array.dtype.kind not in "fciub" or array.size != 1:
        what = f"an array of shape {array.shape}" if array.dtype.kind in "fciub" else type(value).__name__
        raise CheckError(f"the cost: returns {what}; it must return one number, the mean over the samples")
    number = array.reshape(-1)[0]
    if not np.isfinite(number):
        raise CheckError(f"the cost: is {number}; check it where it is finite (smaller weights, no log of 0)")
    return complex(number) if array.dtype.kind == "c" else float(number)
