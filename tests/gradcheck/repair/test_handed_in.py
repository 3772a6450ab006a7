"""The numbers and arrays that functions are handed in, and others in their place."""

from __future__ import annotations

from enum import Enum
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from chainrule.gradcheck.repair.handed_in import axes_of, numbers_of, with_others


class Options(NamedTuple):
    width: int
    scale: float


class Reduced(Enum):
    SUM = 2


class Pool:
    def __init__(self, size):
        self.size, self.on, self.none = size, True, 0
        self.me = self

    def forward(self, x):
        return x[: self.size]


POOL = Pool(3)
VALUES = [POOL.forward, np.ones((4, 1)), Options(2, 0.5), {"pads": [1, 1]}, [1, 2, 3, 4, 5], 7]
NAMES = ["", "x", "options", "more", "labels", ""]


def test_numbers_have_names_and_are_no_entries_of_the_data():
    found = [(number.name, number.value) for number in numbers_of(VALUES, NAMES)]
    assert found == [("size", 3), ("options", 2), ("options", 0.5), ("pads", 1), ("pads", 1)]


def test_each_is_another_in_copies():
    numbers = numbers_of(VALUES, NAMES)
    forward, _, options, more, _, _ = with_others(VALUES, numbers, 2)
    assert (forward.__self__.size, forward.__self__.me.size, POOL.size) == (2, 2, 3)
    assert (options, type(options.scale), more) == (Options(2, 2.0), float, {"pads": [2, 2]})


def test_what_a_copy_shares_is_left_alone_and_a_number_has_a_name():
    given = [SimpleNamespace(mode=Reduced.SUM, by={3: 2, None: 1.5}), 0.1]
    numbers = numbers_of(given, ["options", ""])
    assert [(number.name, number.value) for number in numbers] == [("by", 2), ("by", 1.5)]
    with_others(given, numbers, 7)
    assert (Reduced.SUM.value, given[0].by) == (2, {3: 2, None: 1.5})


def test_labels_of_a_class_that_is_new_are_0_and_other_entries_differ():
    labels, x = np.eye(3)[[0, 2, 1, 1]], np.arange(4.0)
    (_, classes), (samples,) = axes_of([labels]), axes_of([x])
    (more,) = with_others([labels], [classes], 5)
    np.testing.assert_array_equal(more, np.eye(5)[[0, 2, 1, 1]])
    (longer,) = with_others([x], [samples], 6)
    assert len(set(longer)) == 6
    assert len(x) == 4
