"""SciPy's ``check_grad``, told the functions by the case.

    python -m wrong_backward_passes.adapters.scipy_check FILE CASE

It gives the length of the difference to forward differences and leaves the verdict to its user. Here that is: wrong
above a hundred thousandth of the gradient's length.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import check_grad

from .points import Told, main

TOLERANCE = 1e-5


def agrees(told: Told) -> bool:
    """Whether the difference is small beside the gradient, over all the entries of all arrays."""
    ends = np.cumsum([array.size for array in told.at])[:-1]

    def arrays(flat: np.ndarray) -> list[np.ndarray]:
        parts = np.split(flat, ends)
        return [part.reshape(array.shape) for part, array in zip(parts, told.at, strict=True)]

    def gradient(flat: np.ndarray) -> np.ndarray:
        return np.concatenate([array.ravel() for array in told.gradient(*arrays(flat))])

    def cost(flat: np.ndarray) -> float:
        return told.cost(*arrays(flat))

    start = np.concatenate([array.ravel() for array in told.at])
    off = check_grad(cost, gradient, start)
    return bool(off < TOLERANCE * max(1.0, float(np.linalg.norm(gradient(start)))))


if __name__ == "__main__":
    main(agrees)
