"""Pieces of a user's source running other code for a while: that of changes, or with probes in it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from types import CodeType
from typing import Any

from chainrule.gradcheck.program.change import SmallChange
from chainrule.gradcheck.program.limited import OutOfTimeError, limited
from chainrule.gradcheck.program.source_units import SourceUnit
from chainrule.gradcheck.program.wrapping import matching, side_by_side, with_probe


@contextmanager
def running(units: Collection[SourceUnit], codes: Mapping[int, CodeType], seconds: float) -> Iterator[None]:
    """Within it, the functions of some pieces run other code, by the identity of the piece, and take so long of the
    processor's time at most.

    Raises:
        TimeoutError: they take longer.
    """
    before = [(function, function.__code__) for unit in units for function in unit.functions]
    try:
        for unit in units:
            pairs = list(side_by_side(unit.plain, codes[id(unit)]))
            for function in unit.functions:
                function.__code__ = matching(function.__code__, pairs) or function.__code__
        with limited(seconds):
            yield
    except OutOfTimeError as error:
        raise TimeoutError(str(error)) from None
    finally:
        for function, code in before:
            function.__code__ = code


def code_with(changes: Sequence[SmallChange], unit: SourceUnit) -> CodeType:
    """The code of a piece with some changes."""
    # It has to know the text without them.
    compiler = unit.compiler
    with ExitStack() as made:
        for change in changes:
            made.callback(change.make())
        return compiler.code(place.parent for change in changes for place, _ in change.puts)


def code_looking(
    changes: Sequence[SmallChange], unit: SourceUnit, look: Callable[..., Any]
) -> CodeType | None:
    """The code of a piece with changes that call a probe; None where it is none."""
    try:
        with warnings.catch_warnings():
            # As in wrapping.
            warnings.simplefilter("ignore", SyntaxWarning)
            return with_probe(code_with(changes, unit), look)
    except (SyntaxError, ValueError, RecursionError):
        # Not every change is code.
        return None
