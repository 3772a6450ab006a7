"""e^x and the logistic function of one number, as kernels of components call them: e^x is NumPy's here, and compiled
code takes it in vectors."""

from __future__ import annotations

from typing import Any

import numpy as np


def exponential(x: Any) -> Any:
    """e^x of a number that is not positive, in its type; NaN of NaN.

    >>> exponential(np.float64(-1)).round(4).item()
    0.3679
    """
    return np.exp(x)


def logistic(x: Any, one: Any) -> Any:
    """1 / (1 + e^-x) of a number, with 1 in its type; e^-|x| overflows nowhere.

    >>> [logistic(np.float64(x), np.float64(1)).round(4).item() for x in (-1000, 0, 1)]
    [0.0, 0.5, 0.7311]
    """
    e = exponential(-abs(x))
    return (e if x < 0 else one) / (one + e)
