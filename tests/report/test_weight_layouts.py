"""Where pictures lie in W: told by its axes, or by how many values there are."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.report.weight_layouts import pictures

GREY = np.random.default_rng(0).normal(size=(7, 5, 6))


@pytest.mark.parametrize(
    ("W", "shape"),
    [
        (GREY, None), (GREY, (5, 6)), (GREY.reshape(7, 30), (5, 6)), (GREY.reshape(7, 30).T, (5, 6)),
        (GREY.transpose(1, 2, 0), (5, 6)), (GREY[:, np.newaxis], None), (GREY[..., np.newaxis], None),
    ],
)  # fmt: skip
def test_grey_pictures_are_the_same_in_whatever_way_they_lie(W, shape):
    found = pictures(W, shape, down=False)
    assert np.array_equal(found.planes, GREY[:, np.newaxis])


def test_square_pictures_with_their_number_last_are_told_by_their_sides():
    square = np.random.default_rng(0).normal(size=(5, 5, 3))
    found = pictures(square, None, down=False)
    assert np.array_equal(found.planes[:, 0], square.transpose(2, 0, 1))
    assert found.words == "a picture of 5 x 5 for each of the 3 entries of the last axis"


@pytest.mark.parametrize("shape", [(7, 5), (2, 5, 6, 4), (2,), (2, 4, 5, 6)])
def test_what_is_no_picture_is_none(shape):
    assert pictures(np.zeros(shape), None, down=False) is None


def test_a_shape_that_is_said_counts():
    assert pictures(GREY, (6, 5), down=False) is None
    assert pictures(GREY.reshape(7, 30), (6, 5), down=True).planes.shape == (7, 1, 6, 5)
