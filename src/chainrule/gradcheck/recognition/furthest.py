"""Of what was raised by many tries, what says most: the error of that which came furthest."""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from chainrule.errors import CheckError
from chainrule.gradcheck.program.reaching import is_users
from chainrule.gradcheck.program.source import ADAPTER

_LONGEST = 200
"""Of what is said of an error, in characters."""


def furthest(errors: Sequence[Exception], names: Sequence[str]) -> Exception | None:
    """What was raised last on the way through functions of these names, called one after the other; None for no error.

    What comes from none of them, as where a layout is not one that they could be given at all, comes first.
    """
    return max(errors, key=partial(_reached, names), default=None)


def described(error: Exception) -> str:
    """An error in a line: ours in its own words, the user's with its kind and their line that raised it, which is shown
    where the error says nothing."""
    if isinstance(error, CheckError):
        return str(error)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"the module {error.name} is not there; put it beside the file, or install it"
    said = f"{error!s:.{_LONGEST}}"
    places = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename != ADAPTER and is_users(frame.f_code.co_filename)
    ]
    if not places:
        return f"{type(error).__name__}: {said}"
    file, line = places[-1]
    said = said or linecache.getline(file, line).strip()
    return f"{type(error).__name__}: {said}; {Path(file).name}, line {line}"


def _reached(names: Sequence[str], error: Exception) -> tuple[int, int]:
    """In which of the functions, and at which line of it."""
    frames = traceback.walk_tb(error.__traceback__)
    return max(
        ((names.index(f.f_code.co_name), line) for f, line in frames if f.f_code.co_name in names),
        default=(-1, 0),
    )
