"""Failures of the checker itself in a search: each costs the one row that it concerns, and nothing else of the file."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from chainrule.errors import CheckError, show_traceback
from chainrule.gradcheck.program.source import OURS
from chainrule.gradcheck.recognition.furthest import described

FoundOne = TypeVar("FoundOne")

_FAULTS = (LookupError, AttributeError, TypeError, ValueError, AssertionError)
"""What code raises that is wrong; where memory or a file is missing, that is said in its own way."""


def is_ours(error: Exception) -> bool:
    """Whether it is the checker's own code that is wrong, and not the user's.

    >>> is_ours(KeyError("W1"))
    False
    """
    frames = traceback.extract_tb(error.__traceback__)
    return isinstance(error, _FAULTS) and bool(frames) and frames[-1].filename.startswith(OURS)


def failed_on(error: Exception) -> str:
    """Why what a search has failed on is not checked, in words: a refusal in its own, anything else as a failure.

    >>> failed_on(KeyError("W1"))
    "the checker failed on it: KeyError: 'W1'"
    """
    show_traceback(error)
    said = described(error)
    return said if isinstance(error, CheckError) else f"the checker failed on it: {said}"


def up_to_failure(found: Iterable[FoundOne], instead: Callable[[str], FoundOne]) -> Iterator[FoundOne]:
    """What a search finds; where it fails, what is made of the reason, and no more.

    >>> list(up_to_failure(map([1, 2].__getitem__, [0, 5, 1]), lambda why: 0))
    [1, 0]
    """
    try:
        yield from found
    except Exception as error:
        yield instead(failed_on(error))
