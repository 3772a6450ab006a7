"""The BLAS calls that NumPy does not offer."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import TRAINING, needs

FEW_ROWS = 100
"""Up to so many rows NumPy's product and a sum beat one call of SciPy's OpenBLAS 0.3.30, which packs B more slowly than
NumPy's 0.3.31: docs/performance.md has the times."""


def add_product(C: Array, A: Array, B: Array) -> None:
    """``C += A @ B`` in place; where C has many rows, without a temporary of its size.

    Args:
        C: (M, D), C-contiguous, float32 or float64.
        A: (M, N), of C's type.
        B: (N, D), of C's type.

    Raises:
        ValueError: C is not contiguous or the types differ, so that C could not be written in place.
    """
    if not C.flags.c_contiguous or not (C.dtype == A.dtype == B.dtype):
        raise ValueError("C must be C-contiguous and of one type with A and B")
    if len(C) <= FEW_ROWS:
        C += A @ B
        return
    # BLAS counts columns first: the transposes of row-major arrays are its own layout, so nothing is copied.
    _gemm(C.dtype)(1.0, B.T, A.T, beta=1.0, c=C.T, overwrite_c=True)


@functools.cache
def _gemm(dtype: np.dtype[Any]) -> Callable[..., Any]:
    # Slow to import: a driver whose workers do the work goes without.
    with needs(*TRAINING):
        from scipy.linalg import blas

    return {"float32": blas.sgemm, "float64": blas.dgemm}[dtype.name]
