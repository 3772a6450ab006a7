"""Texts that were hardly meant for categories."""

from __future__ import annotations

from collections import Counter

import pytest

from chainrule.data.oddness import oddness


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (
            ["oops", *map(str, range(40))],
            "holds numbers, but 'oops' is none, so each counts as a category; write",
        ),
        (
            [f"{n},5" for n in range(40)],
            "holds numbers, but '0,5' is none, so each counts as a category; write",
        ),
        (
            [*(f"{n},5" for n in range(40)), "bad"],
            "holds numbers, but 'bad' is none, so each counts as a category; write",
        ),
        (
            [f"2020-01-{day + 1:02}" for day in range(30)],
            "holds 30 different texts in 30 rows, such as '2020-01-01'; what hardly comes again tells little: leave",
        ),
    ],
)
def test_they_are_told(texts, words):
    assert oddness(Counter(texts)).startswith(words)


@pytest.mark.parametrize("texts", [["x1", "7", "8", "9"] * 6, [*map(str, range(30))] * 2, ["a", "b"] * 9, []])
def test_those_that_may_well_be_categories_are_not(texts):
    assert oddness(Counter(texts)) is None
