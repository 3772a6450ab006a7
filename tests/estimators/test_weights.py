"""What rows weigh by themselves and by their class."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.errors import DataError
from chainrule.estimators.weights import row_weights

CLASSES, CODES = np.array([1, 5, 9]), np.array([0, 0, 0, 1, 1, 2])


def test_balanced_classes_weigh_the_same_together_whatever_their_rows_weigh():
    own = np.array([1.0, 2.0, 3.0, 4.0, 0.0, 0.5])
    for given, total in ((None, 6.0), (own, own.sum())):
        weights = row_weights(given, "balanced", CLASSES, CODES)
        np.testing.assert_allclose(np.bincount(CODES, weights), total / 3)


def test_a_class_whose_rows_weigh_nothing_does_not_weigh():
    weights = row_weights([1, 1, 1, 0, 0, 2], "balanced", CLASSES, CODES)
    np.testing.assert_allclose(np.bincount(CODES, weights), [5 / 3, 0, 5 / 3])


def test_both_multiply_and_labels_that_are_not_named_weigh_1():
    assert row_weights([1, 2, 1, 1, 1, 3], {9: 10, 1: 0.5}, CLASSES, CODES).tolist() == [
        0.5,
        1,
        0.5,
        1,
        1,
        30,
    ]


@pytest.mark.parametrize("told", [None, {}, {1: 1.0}])
def test_rows_that_all_weigh_the_same_need_no_weights(told):
    assert row_weights(None, told, CLASSES, CODES) is None


def test_a_label_of_no_row_is_refused():
    with pytest.raises(DataError, match="class_weight: 7 is no label of y"):
        row_weights(None, {7: 1}, CLASSES, CODES)
