"""Arrays in other shapes beside NumPy's."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from numba import njit  # needs it

from chainrule.train.engines.parts import ENTRY
from chainrule.train.engines.views import flat, floats, matrix, prefetch

pytestmark = pytest.mark.usefixtures("compiled_code")


@njit(**ENTRY)
def added_as_matrix(numbers, rows, columns):
    view = matrix(numbers, rows, columns)
    for i in range(rows):
        for j in range(columns):
            view[i, j] += 10 * i + j


@njit(**ENTRY)
def counted_flat(values, first):
    row = flat(values[first:])
    for i in range(len(row)):
        row[i] = i


@njit(**ENTRY)
def asked_for(numbers):
    prefetch(numbers, len(numbers) - 1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_views_are_numpys(dtype):
    numbers = np.zeros(7, dtype)
    added_as_matrix(numbers, 2, 3)
    assert numbers.tolist() == [0, 1, 2, 10, 11, 12, 0]
    values = np.full((3, 2), -1, dtype)
    counted_flat(values, 1)
    assert values.tolist() == [[-1, -1], [0, 1], [2, 3]]
    asked_for(numbers)
    assert numbers.tolist() == [0, 1, 2, 10, 11, 12, 0]


@njit(**ENTRY)
def doubled(bytes_, out):
    numbers = floats(bytes_)[1:]
    for i in range(len(numbers)):
        out[i] = 2 * numbers[i]


def test_bytes_are_the_floats_that_they_are():
    values, out = np.array([1, -2.5, 3e-20, 7], np.float32), np.zeros(4, np.float32)
    doubled(values.view(np.uint8), out)
    assert out.tolist() == [*(2 * values[1:]).tolist(), 0]
