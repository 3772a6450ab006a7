"""The numbers that a change writes."""

from __future__ import annotations

import pytest

from chainrule.gradcheck.program.interface import Patch, SourceLine
from chainrule.gradcheck.repair.written_numbers import is_mean_of, is_size, written


@pytest.mark.parametrize(
    ("before", "after", "numbers"),
    [
        ("d", "0.25 * d", [0.25]),
        ("d / 2", "d / 2 / 2", [0.5]),
        ("d / 2", "2 * d", [2]),
        ("d", "d ** 2", []),
        ("d", "1 - d", []),
        ("d[1:]", "d[1:-1]", [1]),
        ("d", "d[:, 1]", []),
        ("d", "np.repeat(d, 3, axis=2)", [3, 2]),
    ],
)
def test_what_was_there_before_is_not_written(before, after, numbers):
    assert written(Patch(0, "call", SourceLine("net.py", 1, f"g = {before}"), f"g = {after}")) == numbers


@pytest.mark.parametrize("number", [9, 1 / 9, 3, 1 / 3])
def test_a_size_one_over_it_and_its_root(number):
    assert is_size(number, 9)
    assert not is_size(number, 8)


def test_means_of_squares():
    assert [is_mean_of(number, 8) for number in (0.25, 0.0625, 0.125)] == [True, True, False]
