"""scikit-learn's digits without scikit-learn."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest
from sklearn.datasets import load_digits

from chainrule.data import digits
from chainrule.errors import DataError, MissingExtraError


def test_they_are_those_that_scikit_learn_gives():
    images, labels = digits.read()
    expected = load_digits(return_X_y=True)
    np.testing.assert_array_equal(images, expected[0])
    np.testing.assert_array_equal(labels, expected[1])
    assert images.dtype == labels.dtype == np.uint8


def test_without_scikit_learn_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(digits, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'chainrule\[train\]'"):
        digits.read()


def test_where_they_are_missing_a_line_says_so(monkeypatch):
    monkeypatch.setattr(digits, "find_spec", lambda name: find_spec("chainrule"))
    said = r"digits\.csv\.gz: is not there; digits come with scikit-learn, install it anew"
    with pytest.raises(DataError, match=said):
        digits.read()
