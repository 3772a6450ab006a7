"""Edits of a text, applied to it."""

from __future__ import annotations

import pytest

from chainrule.gradcheck.program.applied_edits import applied, size
from chainrule.gradcheck.result import TextEdit


def test_line_ends_are_kept():
    edit = TextEdit("net.py", 2, 4, 2, 5, "2", "3\n\n")
    assert applied("x = 1\r\ny = 2\r\n", [edit]) == "x = 1\r\ny = 3\r\n\r\n\r\n"


@pytest.mark.parametrize("text", ["x = 1\ny = 3\n", "y = 2\n", ""])
def test_another_text_is_left_alone(text):
    assert applied(text, [TextEdit("net.py", 2, 4, 2, 5, "2", "3")]) is None


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [("-", "+", 1), ("", "2 * ", 2), (" * self.h", "", 1), ("a", "a ** 2", 2), ("dW[i]", "dW[j] + 1", 3)],
)
def test_what_is_put_in_counts_and_what_is_taken_away_is_one(before, after, words):
    assert size([TextEdit("", 1, 0, 1, len(before), before, after)]) == words
