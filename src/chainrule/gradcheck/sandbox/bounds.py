"""How large a reply may be: told by what was asked, and held against its length before anything of it is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

LONGEST_TEXT = 2000
LONGEST_TRACEBACK = 12_000
MOST_TEXTS, MOST_GRADIENTS = 50, 50
"""What a text, a traceback, a list of notes and a list of gradients may hold; what is
longer is cut where it is made."""

DEEPEST, LONGEST_NUMBER = 64, 40
"""How many lists and dictionaries a value may stand in, and how many digits a whole number may have."""

_TEXTS = 2**20
_NESTED_DATA = 8 * 2**20
_LARGEST_ARRAYS = 256 * 2**20
_OF_A_NUMBER = 32
_MISSHAPEN = 64


_NUMBERS_FOR = {"costs": -1, "costs_along": -1, "along": -1, "slopes": 2, "projections": 3}
"""The argument for each of whose items there is a number in the reply."""


class ReplyBound(NamedTuple):
    """The bytes that a reply may have.

    Attributes:
        json: of its structure, with all that is text in it.
        arrays: of its arrays.
    """

    json: int
    arrays: int


PLAIN = ReplyBound(_TEXTS, 0)
"""Of an answer without arrays, and of what the user's code raised."""


def bound_of(request: str, arguments: Sequence[Any]) -> ReplyBound:
    """The bound of the reply to a request.

    What a gradient gives back may be misshapen, and so many times as large as what it was given; parameters and data
    are the file's own to choose, and so are the values that its expressions give.
    """
    if request in ("describe", "trace"):
        return ReplyBound(_NESTED_DATA, _LARGEST_ARRAYS)
    if request in ("patches", "fitting", "statements", "edits"):
        return ReplyBound(_NESTED_DATA, 0)
    if request in _NUMBERS_FOR:
        return ReplyBound(_TEXTS, _OF_A_NUMBER * (count_of(request, arguments) + 1))
    if request in ("gradient", "update"):
        return ReplyBound(_TEXTS, _TEXTS + _MISSHAPEN * _OF_A_NUMBER * _numbers(arguments))
    return PLAIN


def count_of(request: str, arguments: Sequence[Any]) -> int:
    """How many numbers answer a request for numbers: one for each of the steps, ways or changes."""
    return len(arguments[_NUMBERS_FOR[request]])


def _numbers(value: Any) -> int:
    """How many numbers arrays hold, however they are nested."""
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, dict):
        return sum(map(_numbers, value.values()))
    return sum(map(_numbers, value)) if isinstance(value, list | tuple) else 0
