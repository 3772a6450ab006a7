"""A data frame's columns less their mean: what float32 then holds of them."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.data.centring import centred
from chainrule.data.encoding import encoding_of
from chainrule.data.frames import Frame
from chainrule.errors import DataError

CITIES = np.array(["Oslo", "Rome", "Oslo"])


def test_numbers_far_from_0_keep_their_differences():
    frame = Frame({"time": np.array([1.7e9, 1.7e9 + 2, np.nan]), "city": CITIES})
    encoding = encoding_of(frame)
    rows, by = centred(encoding, frame)
    assert rows.dtype == np.float32
    assert rows[:, 0].tolist() == [-1, 1, 0]
    np.testing.assert_allclose(rows, encoding.rows(frame) - by.centre, rtol=1e-7)
    np.testing.assert_array_equal(by.rows(frame), rows)


def test_other_rows_may_lie_so_far_off_that_float32_makes_them_one():
    by = centred(
        encoding_of(Frame({"time": np.zeros(3), "city": CITIES})),
        Frame({"time": np.array([0.0, 1, 2]), "city": CITIES}),
    )[1]
    assert by.rows(Frame({"time": 1e9 + np.array([0.0, 1, 2]), "city": CITIES}))[:, 0].tolist() == [1e9] * 3


def test_what_float32_has_no_room_for_is_named_by_its_own_values():
    known = Frame({"mass": np.array([1e38, 5e38, 5e38]), "city": CITIES})
    rows, by = centred(encoding_of(known), known)
    assert np.isfinite(rows).all()
    wide = Frame({"mass": np.array([0.0, 9e38, 0.0]), "city": CITIES})
    with pytest.raises(
        DataError, match=r"X: column 'mass': float32 has no room for its values, from 0 to 9e\+38"
    ):
        by.rows(wide)
