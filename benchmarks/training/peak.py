"""The machine's peak: the best large float32 matrix product on all cores, by NumPy's BLAS and by PyTorch's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from works import Work

SIZE = 4096
Round = Callable[[bool], int]


def by_numpy(work: Work, folder: Path) -> Round:
    """A product of NumPy's OpenBLAS."""
    import numpy as np

    a, b = (np.random.default_rng(i).random((SIZE, SIZE), np.float32) for i in (0, 1))
    out = np.empty_like(a)

    def product(evaluating: bool) -> int:
        np.matmul(a, b, out=out)
        return 1

    return product


def by_torch(work: Work, folder: Path) -> Round:
    """A product of PyTorch's library."""
    import torch

    a, b = torch.rand(SIZE, SIZE), torch.rand(SIZE, SIZE)
    out = torch.empty(SIZE, SIZE)

    def product(evaluating: bool) -> int:
        torch.mm(a, b, out=out)
        return 1

    return product


FLOP = 2 * SIZE**3
PEAK = {"NumPy": by_numpy, "PyTorch": by_torch}
