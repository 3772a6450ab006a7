"""Which rows ``fit`` keeps aside: those to test on, and, where rows stay together, those to validate on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Labels
from chainrule.cli.given import RowsToLearn
from chainrule.data.labels import coded, drawn, drawn_groups
from chainrule.errors import DataError
from chainrule.estimators.parameters import TENTH, read
from chainrule.estimators.rows import counting
from chainrule.text import excerpt

_FEWEST = 2
"""Rows that anything can be learned from."""


def to_test_on(given: RowsToLearn, share: float, seed: int) -> NDArray[np.intp]:
    """The rows to test on, in rising order: none where the share is 0.

    Raises:
        DataError: the share draws none, or leaves too few.
    """
    return _drawn(given, np.arange(len(given.truth)), share, seed, "test", "--test")


def to_validate_on(
    given: RowsToLearn, rows: NDArray[np.intp], estimator: Any, seed: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The rows to train on, and those to validate on: none where no groups stay together, as estimators draw rows by
    themselves then.

    Args:
        given: all rows.
        rows: those that are not tested on.
        estimator: is told what its own drawing would have come to.
        seed: keys the draw.

    Raises:
        ParameterError: parameters that are impossible.
        DataError: the share draws none, or leaves too few.
    """
    none = rows[:0]
    if given.groups is None:
        return rows, none
    asked = read({name: value for name, value in estimator.get_params().items() if name != "random_state"})
    weights = None if given.weights is None else given.weights[rows]
    count = counting(weights, len(rows))
    share = asked.stopping(count).validation_fraction
    if share is None:
        return rows, none
    is_auto = asked.early_stopping == "auto"
    if is_auto and asked.validation_fraction is None:
        # Where groups are so large that hardly any row would be drawn, nobody stops early.
        codes = _codes(given)[rows]
        mine = drawn_groups(codes, given.groups[rows], TENTH, given.classes, seed, "val")
        if not asked.stopping(count, drawable=2 * len(mine) >= TENTH * len(rows)).early_stopping:
            estimator.set_params(early_stopping=False)
            return rows, none
    chosen = _drawn(given, rows, share, seed, "val", "rows to validate on:")
    if is_auto:
        estimator.set_params(early_stopping=bool(asked.stopping(count).early_stopping))
    estimator.set_params(validation_fraction=None)
    left = np.setdiff1d(rows, chosen)
    if given.weights is not None:
        chosen = chosen[given.weights[chosen] > 0]
    return left, chosen


def _drawn(
    given: RowsToLearn, rows: NDArray[np.intp], share: float, seed: int, purpose: str, name: str
) -> NDArray[np.intp]:
    """Some of the rows; ``name`` is what messages call the share."""
    codes, wanted = _codes(given)[rows], (share, given.classes, seed, purpose)
    groups = None if given.groups is None else given.groups[rows]
    if not share:
        chosen = rows[:0]
    else:
        chosen = rows[drawn(codes, *wanted) if groups is None else drawn_groups(codes, groups, *wanted)]
    left = np.setdiff1d(rows, chosen)
    if len(left) < _FEWEST or (share and not len(chosen)):
        raise DataError(
            f"{name} {share:g}: draws {len(chosen)} of {len(rows)} rows and leaves {len(left)} to train on; choose "
            f"another share, or give more {'rows' if groups is None else 'groups'}"
        )
    unseen = np.setdiff1d(given.truth[chosen], given.truth[left]) if given.classes else chosen[:0]
    if len(unseen):
        raise DataError(
            f"{name} {share:g}: draws all rows of class {excerpt(str(unseen[0]))}; choose another share or --seed, or "
            "give more groups"
        )
    return chosen


def _codes(given: RowsToLearn) -> Labels:
    if not given.classes:
        return np.zeros(len(given.truth), np.int64)
    return coded(given.truth, "folders" if given.image else f"column {given.target!r}")[1]
