"""Adding a product in place, on both sides of what counts as few rows."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.machine.products import FEW_ROWS, add_product

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("rows", [1, FEW_ROWS, FEW_ROWS + 1, 3 * FEW_ROWS])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-4)])
@pytest.mark.parametrize("lies", ["as rows", "as columns"])
def test_adds_the_product_in_place(rows, dtype, tolerance, lies):
    C, B = RNG.normal(size=(rows, 30)).astype(dtype), RNG.normal(size=(20, 30)).astype(dtype)
    A = RNG.normal(size=(rows, 20)).astype(dtype)
    A = A if lies == "as rows" else np.asfortranarray(A)
    expected = C.astype(np.float64) + A.astype(np.float64) @ B
    kept = A.copy(), B.copy()
    add_product(C, A, B)
    np.testing.assert_allclose(C, expected, rtol=0, atol=tolerance)
    assert C.dtype == dtype
    np.testing.assert_array_equal(A, kept[0])
    np.testing.assert_array_equal(B, kept[1])


@pytest.mark.parametrize("rows", [FEW_ROWS, FEW_ROWS + 1])
def test_refuses_what_could_not_be_written_in_place(rows):
    C, A, B = np.zeros((rows, 8)), np.ones((rows, 3)), np.ones((3, 8))
    with pytest.raises(ValueError, match="C-contiguous and of one type"):
        add_product(C[:, ::2], A, B[:, ::2])
    with pytest.raises(ValueError, match="C-contiguous and of one type"):
        add_product(C.astype(np.float32), A, B)
    assert not C.any()
