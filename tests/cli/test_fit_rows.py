"""Which rows are kept aside: whole groups, to test on and to validate on, or a refusal."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule import MLPClassifier
from chainrule.cli.fit_rows import to_test_on, to_validate_on
from chainrule.cli.given import RowsToLearn
from chainrule.data.labels import DrawNotice
from chainrule.errors import DataError


def of_groups(groups, truth=None, weights=None):
    groups = np.asarray(groups)
    truth = groups % 2 if truth is None else np.asarray(truth)
    return RowsToLearn(np.zeros((len(groups), 1), np.uint8), truth, True, "y", weights, groups)


def test_no_group_is_both_trained_and_validated_or_tested_on():
    given = of_groups(np.repeat(np.arange(300), 5))
    aside = to_test_on(given, 0.2, 0)
    rest = np.delete(np.arange(1500), aside)
    estimator = MLPClassifier()
    rows, val = to_validate_on(given, rest, estimator, 0)
    assert (len(aside), len(rows), len(val)) == (300, 1080, 120)
    parts = [set(given.groups[part]) for part in (aside, rows, val)]
    assert len(set.union(*parts)) == sum(map(len, parts)) == 300
    # As it would have decided of all rows.
    assert (estimator.early_stopping, estimator.validation_fraction) == (True, None)


def test_rows_are_validated_on_where_an_estimator_would_draw_some():
    given = of_groups(np.repeat(np.arange(20), 5))
    rows = np.arange(100)
    assert len(to_validate_on(given, rows, MLPClassifier(), 0)[1]) == 0
    asked = MLPClassifier(validation_fraction=0.2)
    assert len(to_validate_on(given, rows, asked, 0)[1]) == 20
    assert (asked.validation_fraction, asked.early_stopping) == (None, False)
    weights = np.tile([0.0, 1, 1, 1, 1], 20)
    weighed = of_groups(given.groups, weights=weights)
    left, val = to_validate_on(weighed, rows, MLPClassifier(early_stopping=3), 0)
    assert (len(left), len(val), weights[val].min()) == (90, 8, 1)
    alone = RowsToLearn(given.inputs, given.truth, True, "y")
    assert len(to_validate_on(alone, rows, MLPClassifier(validation_fraction=0.2), 0)[1]) == 0


def test_nobody_stops_early_by_default_where_groups_are_too_large_to_draw_a_tenth_of_the_rows():
    given = of_groups(np.repeat(np.arange(4), 300))
    estimator = MLPClassifier()
    assert len(to_validate_on(given, np.arange(1200), estimator, 0)[1]) == 0
    assert estimator.early_stopping is False


def test_a_share_that_draws_nothing_or_all_of_a_class_is_refused():
    given = of_groups(np.repeat(np.arange(4), 5))
    with pytest.raises(
        DataError, match=r"^--test 0\.2: draws 0 of 20 rows and leaves 20 to train on; .*more groups"
    ):
        to_test_on(given, 0.2, 0)
    with pytest.raises(DataError, match=r"^rows to validate on: 0\.1: draws 0 of 20 rows"):
        to_validate_on(given, np.arange(20), MLPClassifier(early_stopping=True), 0)
    # Either group has a class that the other has not.
    mixed = of_groups(np.repeat([0, 1], 5), [0, 0, 0, 0, 7, 0, 0, 0, 0, 8])
    with (
        pytest.warns(DrawNotice),
        pytest.raises(
            DataError, match=r"^--test 0\.4: draws all rows of class [78]; choose another share or --seed"
        ),
    ):
        to_test_on(mixed, 0.4, 0)
    assert len(to_test_on(given, 0.0, 0)) == 0
