"""Of what was raised by many tries, what says most: the error of that which came furthest."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from functools import partial

from chainrule.errors import CheckError


def furthest(errors: Sequence[Exception], names: Sequence[str]) -> Exception | None:
    """What was raised last on the way through functions of these names, called one after the other; None for no error.

    What comes from none of them, as where a layout is not one that they could be given at all, comes first.
    """
    return max(errors, key=partial(_reached, names), default=None)


def described(error: Exception) -> str:
    """An error in a line: ours in its own words, the user's with its kind."""
    return str(error) if isinstance(error, CheckError) else f"{type(error).__name__}: {error!s:.200}"


def _reached(names: Sequence[str], error: Exception) -> tuple[int, int]:
    """In which of the functions, and at which line of it."""
    frames = traceback.walk_tb(error.__traceback__)
    return max(
        ((names.index(f.f_code.co_name), line) for f, line in frames if f.f_code.co_name in names),
        default=(-1, 0),
    )
