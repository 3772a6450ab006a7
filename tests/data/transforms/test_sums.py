"""Sums over images are exact."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chainrule.data.transforms.sums import column_sums

IMAGES = np.random.default_rng(0).integers(0, 256, (70, 12)).astype(np.uint8)


@given(st.integers(1, 70))
def test_column_sums_are_exact(count):
    total, squares = column_sums(IMAGES[:count])
    wide = IMAGES[:count].astype(object)
    assert list(total) == list(wide.sum(axis=0))
    assert list(squares) == list((wide**2).sum(axis=0))


def test_column_sums_are_exact_where_a_float32_would_not_be():
    # Near 255, so that the squares of more than 256 images add up to more than 2**24, and odd sums are rounded.
    images = np.random.default_rng(0).integers(250, 256, (1001, 64)).astype(np.uint8)
    total, squares = column_sums(images)
    wide = images.astype(np.int64)
    assert total.tolist() == wide.sum(axis=0).tolist()
    assert squares.tolist() == (wide**2).sum(axis=0).tolist()
